import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScriptDiffLine, ScriptReport } from '#contract/scripts.ts';
import { palette } from './colour.ts';
import { sandboxTable, scriptReportLines, scriptReviewLines } from './script-view.ts';

const style = { width: 100, palette: palette('none') } as Parameters<typeof scriptReportLines>[1];
const row = (text: string) =>
  ({
    id: 'a',
    kind: 'text',
    text,
    group: 'g',
    source: { type: 'file', uri: 'x' },
    training_eligible: true,
    flags: [],
  }) as const;
const counts = { seen: 2, unchanged: 0, changed: 1, dropped: 1, added: 0, restored: 0 };
const report: ScriptReport = {
  ...{ name: 'tickets', version: null, digest: null, script: 'clean', scriptDigest: 'a'.repeat(64) },
  sandbox: { name: 'bubblewrap', label: 'Bubblewrap (Linux)', isFit: true, detail: '/usr/bin/python3' },
  tried: {
    ...{ ...counts, outputSha256: 'b'.repeat(64) },
    examples: [
      {
        place: 0,
        before: { ...row('two  blanks\nand\u001b[2J'), flags: [] },
        after: [{ ...row('two blanks'), flags: [] }],
      },
      { place: 1, before: { ...row('gone'), flags: [] }, after: [] },
    ],
  },
  ...{ all: null, printed: '', seconds: 1 },
};

test('before and after keep their blanks, and nothing of them steers the terminal', () => {
  const lines = scriptReportLines(report, style);
  assert.equal(lines[0], 'A try: nothing was made.');
  assert.ok(lines.includes('- two  blanks⏎and'));
  assert.ok(lines.includes('+ two blanks'));
  assert.ok(lines.includes('  (left out)'));
});

test('a whole run names its version', () => {
  const lines = scriptReportLines({ ...report, version: 3, all: { ...counts, rows: 1, merged: 0 } }, style);
  assert.equal(lines[0], 'tickets:v3');
  assert.ok(!lines.includes('  (left out)'));
});

test('only what surrounds a change of the script is shown', () => {
  const same = (number: number): ScriptDiffLine => ({
    kind: 'same',
    before: number,
    after: number,
    text: `line ${number}`,
  });
  const lines = [1, 2, 3, 4, 5, 6].map(same);
  const added: ScriptDiffLine = { kind: 'added', before: null, after: 7, text: 'new' };
  const shown = scriptReviewLines(
    { script: 'clean', digest: 'a'.repeat(64), previous: null, lines: [...lines, added] },
    style,
  );
  assert.deepEqual(shown, ['clean.py is new here:', '  line 4', '  line 5', '  line 6', '+ new']);
});

test('without a sandbox that holds it is said that scripts are refused', () => {
  const lines = sandboxTable(
    [{ name: 'deno', label: 'Pyodide in Deno', isFit: false, detail: 'Deno is not installed' }],
    style,
  );
  assert.equal(lines.at(-1), 'None holds: scripts are refused here.');
});
