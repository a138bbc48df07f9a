import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { PageOrigin } from '#native-bridge/sandbox/page/page-origin.ts';
import { createPageSandbox } from '#native-bridge/sandbox/page/page-sandbox.ts';
import { findChromium } from '../../scripts/find-chromium.ts';
import { startChromiumPageHost } from './chromium-page-host.ts';
import { createEscapeSuite, escapeCases, runEscapeCase } from './escape-suite.ts';

const executable = findChromium();
const isRequired = (process.env['FORGE_SANDBOXES'] ?? '').split(',').includes('page');
if (executable === null) process.stderr.write('\n*** NOT PROVED HERE: sandbox page: there is no Chromium ***\n\n');

describe(
  'out of a page of the window nothing gets',
  { skip: executable === null && !isRequired ? 'there is no Chromium' : false },
  async () => {
    const origins: PageOrigin[] = [];
    const shown = await startChromiumPageHost(executable ?? assert.fail('there is no Chromium'));
    after(() => shown.close());
    const sandbox = createPageSandbox({
      host: shown.host,
      ancestors: shown.origin,
      onOrigin: (origin) => origins.push(origin),
    });

    test('it passes its own quick tries', async () => {
      assert.deepEqual(await sandbox.probe(), { isFit: true, detail: 'the open window' });
    });

    test('its origin answers nothing once Python is up, though Python asks', async () => {
      const found = await runEscapeCase(sandbox, { attempt: 'load_binary_own', about: '' });
      assert.deepEqual(found, []);
      assert.ok((origins.at(-1)?.afterSeal() ?? 0) > 0, 'the origin saw none of the requests it was to refuse');
    });

    const suite = createEscapeSuite(sandbox);
    after(() => suite.close());
    for (const one of escapeCases)
      test(`when a script ${one.about}`, async () => {
        assert.deepEqual(await suite.run(one), []);
      });
  },
);
