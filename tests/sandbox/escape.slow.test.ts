import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Fitness, Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import type { PageOrigin } from '#native-bridge/sandbox/page/page-origin.ts';
import { createPageSandbox } from '#native-bridge/sandbox/page/page-sandbox.ts';
import { findChromium } from '../../scripts/find-chromium.ts';
import { startChromiumPageHost } from './chromium-page-host.ts';
import { createEscapeSuite, escapeCases } from './escape-suite.ts';
import { sandboxEnvironment } from './sandbox-programs.ts';
import { assertAllowances, assertRules } from './sandbox-rules.ts';

/** `FORGE_SANDBOXES=bubblewrap,deno`: these must be there; where they are not the suite fails instead of leaving them out. */
const required = (process.env['FORGE_SANDBOXES'] ?? '').split(',').filter((name) => name !== '');

const executable = findChromium();
const shown = executable === null ? null : await startChromiumPageHost(executable);
after(() => shown?.close());
const origins: PageOrigin[] = [];

/** A page needs a window: here a browser's. */
const page: Sandbox | null =
  shown === null
    ? null
    : createPageSandbox({ ...shown, ancestors: shown.origin, onOrigin: (origin) => origins.push(origin) });

/** What this machine offers, tried as the product tries it. */
async function tried(sandbox: Sandbox): Promise<{ readonly sandbox: Sandbox; readonly fitness: Fitness }> {
  if (sandbox.name !== 'page') return { sandbox, fitness: await sandbox.probe() };
  return page === null
    ? { sandbox, fitness: { isFit: false, detail: 'there is no Chromium' } }
    : { sandbox: page, fitness: await page.probe() };
}

const tiers = await Promise.all(createSandboxes(await sandboxEnvironment()).map(tried));

// Beside each other: each waits more than it computes, and has witnesses of its own.
describe('no script gets out', { concurrency: true }, () => {
  for (const { sandbox, fitness } of tiers) {
    const isRequired = required.includes(sandbox.name);
    // Said loudly: a suite that leaves a sandbox out proves nothing about it.
    if (!fitness.isFit)
      process.stderr.write(`\n*** NOT PROVED HERE: sandbox ${sandbox.name}: ${fitness.detail} ***\n\n`);
    const skip = fitness.isFit || isRequired ? false : `${sandbox.name} is not offered here: ${fitness.detail}`;
    describe(`of ${sandbox.name}`, { skip, concurrency: 1 }, () => {
      test('it passes its own quick tries', () => assert.ok(fitness.isFit, fitness.detail));
      const suite = createEscapeSuite(sandbox);
      after(() => suite.close());
      for (const one of escapeCases)
        test(`when it ${one.about}`, async () => {
          assert.deepEqual(await suite.run(one), []);
        });
      test('and it has no clock, no chance and no more memory than it may', () => assertRules(sandbox));
      test('and clock and chance where they were asked for', () => assertAllowances(sandbox));
      if (sandbox.name === 'page')
        test('and its origin answered nothing once Python was up, though Python asked', () => {
          assert.ok(
            origins.some((origin) => origin.afterSeal() > 0),
            'no origin saw the requests it was to refuse',
          );
        });
    });
  }
});
