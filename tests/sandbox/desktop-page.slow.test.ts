import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { createPageSandbox } from '#native-bridge/sandbox/page/page-sandbox.ts';
import { findChromium } from '../../scripts/find-chromium.ts';
import { startDesktopPageHost } from './desktop-page-host.ts';
import { createEscapeSuite, escapeCases } from './escape-suite.ts';

const executable = findChromium();
if (executable === null)
  process.stderr.write('\n*** NOT PROVED HERE: the desktop’s sandbox page: there is no Chromium ***\n\n');

/** The worker is the browser's, whose suite is whole; here it is what the desktop adds: another wire, another session, another end. */
const attempts = new Set([
  ...[
    'connect',
    'fetch',
    'import_js',
    'constructor_fetch',
    'constructor_worker',
    'load_binary_foreign',
    'load_binary_own',
  ],
  ...['web_socket', 'read_file', 'loop_endlessly', 'answer_much'],
]);

describe(
  'out of a page of the desktop nothing gets',
  { skip: executable === null ? 'there is no Chromium' : false },
  async () => {
    const shown = await startDesktopPageHost(executable ?? assert.fail('there is no Chromium'));
    after(() => shown.close());
    // Nothing embeds it: not even a window of Forge.
    const sandbox = createPageSandbox({ host: shown.host, ancestors: "'none'" });
    const suite = createEscapeSuite(sandbox);
    after(() => suite.close());
    for (const one of escapeCases.filter(({ attempt }) => attempts.has(attempt)))
      test(`when a script ${one.about}`, async () => {
        assert.deepEqual(await suite.run(one), []);
      });

    test('its session refused what Python asked of its own origin', () => {
      const own = shown.refused.filter((url) => url.startsWith('http://127.0.0.1:'));
      assert.ok(own.length > 0, `refused: ${shown.refused.join(' ') || 'nothing'}`);
    });
  },
);
