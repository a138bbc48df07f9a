import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { testCache } from '../fixtures/base-gguf.ts';
import { serveBaseModel } from './serve-base-model.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./python-client.py', import.meta.url));

/** Python with the official client in an environment of its own, or the reason why there is none. */
async function pythonWithClient(): Promise<{ readonly python: string } | { readonly missing: string }> {
  const folder = join(testCache, 'openai-python');
  const python = join(folder, 'bin', 'python');
  const isThere = await access(join(folder, 'complete')).then(
    () => true,
    () => false,
  );
  if (isThere) return { python };
  try {
    await rm(folder, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'openai']);
    await run(python, ['-c', `open(${JSON.stringify(join(folder, 'incoming'))}, 'w').close()`]);
    await rename(join(folder, 'incoming'), join(folder, 'complete'));
    return { python };
  } catch (failure) {
    return { missing: (failure as Error).message.split('\n').slice(0, 3).join(' ') };
  }
}

const client = await pythonWithClient();
const skip = 'missing' in client ? `NOT PROVEN: the Python client can not be installed here. ${client.missing}` : false;

test('the official Python client lists, chats, streams, hangs up and gets its typed errors', { skip }, async () => {
  const served = await serveBaseModel();
  after(() => served.close());
  const python = 'python' in client ? client.python : '';
  const { stdout } = await run(python, [script, served.baseUrl]);
  assert.deepEqual(JSON.parse(stdout), {
    models: ['smol:latest', 'smol:v1'],
    same: true,
    usage: true,
    unknown: true,
    bad: true,
  });
});
