import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import { createEscapeSuite, escapeCases } from './escape-suite.ts';

/** `FORGE_SANDBOXES=bubblewrap,deno`: these must be there; where they are not the suite fails instead of leaving them out. */
const required = (process.env['FORGE_SANDBOXES'] ?? '').split(',').filter((name) => name !== '');

// A page needs a window: page.slow.test.ts.
for (const sandbox of createSandboxes(process.env).filter(({ name }) => name !== 'page')) {
  const fitness = await sandbox.probe();
  const isRequired = required.includes(sandbox.name);
  // Said loudly: a suite that leaves a sandbox out proves nothing about it.
  if (!fitness.isFit) process.stderr.write(`\n*** NOT PROVED HERE: sandbox ${sandbox.name}: ${fitness.detail} ***\n\n`);
  const skip = fitness.isFit || isRequired ? false : `${sandbox.name} is not offered here: ${fitness.detail}`;
  describe(`out of ${sandbox.name} nothing gets`, { skip }, () => {
    test('it passes its own quick tries', () => assert.ok(fitness.isFit, fitness.detail));
    const suite = createEscapeSuite(sandbox);
    after(() => suite.close());
    for (const one of escapeCases)
      test(`when a script ${one.about}`, async () => {
        assert.deepEqual(await suite.run(one), []);
      });
  });
}
