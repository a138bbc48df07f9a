import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setEnvironmentData } from 'node:worker_threads';
import type { ForgeError } from '#contract/errors.ts';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import { rememberSandboxesIn } from '#native-bridge/sandbox/remembered-fitness.ts';
import { chooseSandbox } from '../../engine/foundry/scripts/choose-sandbox.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'forge-refused-'));
});
after(() => rm(folder, { recursive: true }));
afterEach(() => setEnvironmentData('forge-sandbox-memory'));

async function refusalIn(environment: NodeJS.ProcessEnv): Promise<ForgeError> {
  return chooseSandbox(createSandboxes(environment)).then(
    () => assert.fail('something was offered'),
    (error: ForgeError) => error,
  );
}

/** One program of the machine's own, and what a person would read about it. */
async function withProgram(name: string, lines: string): Promise<NodeJS.ProcessEnv> {
  const place = await mkdtemp(path.join(folder, 'path-'));
  await writeFile(path.join(place, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return { PATH: place };
}

test('on a machine without any sandbox a script is refused, with the reason of each kind', async () => {
  const error = await refusalIn({ PATH: folder });
  assert.equal(error.code, 'script.no-sandbox');
  const reasons = String(error.detail['reasons']);
  assert.match(reasons, process.platform === 'linux' ? /bwrap\) is not installed/ : /bubblewrap is for Linux/);
  assert.match(reasons, /Deno is not installed/);
  assert.match(reasons, /no window of Forge is open/);
  assert.match(reasons, /neither Podman nor Docker is installed/);
});

test('what held once does not hold when its program is gone', async () => {
  rememberSandboxesIn(folder);
  const held = { identity: 'any', detail: 'it held', triedAtMs: Date.now() };
  await writeFile(path.join(folder, 'deno.json'), JSON.stringify(held));
  assert.equal((await refusalIn({ PATH: folder })).code, 'script.no-sandbox');
});

const unfit = [
  ['bwrap', 'echo "bwrap: setting up uid map: Permission denied" >&2; exit 1', /setting up uid map: Permission denied/],
  ['deno', 'echo "error: unexpected argument" >&2; exit 1', /it does not start: error: unexpected argument/],
  ['podman', 'exit 0', /podman has no image of Python/],
  ['docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1', /docker does not answer.*Docker daemon/],
] as const;
for (const [name, lines, reason] of unfit)
  test(
    `${name} that cannot serve is told with what it says`,
    { skip: process.platform === 'linux' ? false : 'the programs of the test are shell scripts for Linux' },
    async () => {
      const error = await refusalIn(await withProgram(name, lines));
      assert.match(String(error.detail['reasons']), reason);
    },
  );
