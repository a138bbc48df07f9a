import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colourDepth, palette } from './colour.ts';
import { showsUnicode } from './glyphs.ts';

test('NO_COLOR beats everything, FORCE_COLOR beats a missing terminal', () => {
  const cases: [NodeJS.ProcessEnv, boolean, string][] = [
    [{ TERM: 'xterm-256color' }, true, 'extended'],
    [{ TERM: 'xterm' }, true, 'basic'],
    [{ TERM: 'xterm', COLORTERM: 'truecolor' }, true, 'extended'],
    [{ TERM: 'dumb' }, true, 'none'],
    [{ TERM: 'xterm-256color' }, false, 'none'],
    [{ TERM: 'xterm-256color', FORCE_COLOR: '1' }, false, 'extended'],
    [{ TERM: 'xterm-256color', FORCE_COLOR: '0' }, true, 'none'],
    [{ TERM: 'xterm-256color', NO_COLOR: '1', FORCE_COLOR: '3' }, true, 'none'],
    [{ TERM: 'xterm-256color', NO_COLOR: '' }, true, 'extended'],
  ];
  assert.deepEqual(
    cases.map(([environment, isTty]) => colourDepth(environment, isTty)),
    cases.map(([, , depth]) => depth),
  );
});

test('without colours nothing is added to the text', () => {
  const { accent, strong, faint, good, warn, bad } = palette('none');
  assert.deepEqual(
    [accent, strong, faint, good, warn, bad].map((paint) => paint('x')),
    ['x', 'x', 'x', 'x', 'x', 'x'],
  );
  assert.equal(palette('basic').accent(''), '');
});

test('signs beyond ASCII are drawn only where the locale or the terminal can show them', () => {
  assert.deepEqual(
    [
      showsUnicode({ LANG: 'de_DE.UTF-8' }, 'linux'),
      showsUnicode({ LANG: 'C' }, 'linux'),
      showsUnicode({ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, 'linux'),
      showsUnicode({ LANG: 'C.UTF-8', TERM: 'linux' }, 'linux'),
      showsUnicode({}, 'darwin'),
      showsUnicode({ WT_SESSION: 'x' }, 'win32'),
      showsUnicode({}, 'win32'),
    ],
    [true, false, false, false, true, true, false],
  );
});
