// What the window prints for other programs, run as it is printed, against the real server and a real model.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { keyPlaceholder, snippetsOf, type Snippet } from '../../renderer/features/server/snippets.ts';
import { testCache } from '../fixtures/base-gguf.ts';
import { serveBaseModel } from './serve-base-model.ts';

const run = promisify(execFile);
const repository = path.resolve(import.meta.dirname, '..', '..');
const key = 'forge-ownKeyOfThisTest';
const python = path.join(testCache, 'openai-python', 'bin', 'python');
const hasPython = await access(path.join(testCache, 'openai-python', 'complete')).then(
  () => true,
  () => false,
);

let served: Awaited<ReturnType<typeof serveBaseModel>>;
before(async () => {
  served = await serveBaseModel({ requiredKey: key });
});
after(() => served.close());

/** As a person has it after pasting: the key in its place. */
function snippet(id: Snippet['id'], own = key): string {
  const facts = { address: served.baseUrl, model: 'smol', keyRequired: true };
  const { code = '' } = snippetsOf(facts).find((one) => one.id === id) ?? {};
  assert.ok(code.includes(keyPlaceholder));
  return code.replaceAll(keyPlaceholder, own);
}

test('the curl snippet gets an answer, and with a wrong key the refusal', async () => {
  const { stdout } = await run('sh', ['-c', snippet('curl')]);
  const { choices } = JSON.parse(stdout) as { choices: { message: { content: string } }[] };
  assert.ok((choices[0]?.message.content.length ?? 0) > 0, stdout);
  const refused = await run('sh', ['-c', snippet('curl', 'not-the-key')]);
  assert.match((JSON.parse(refused.stdout) as { error: { message: string } }).error.message, /key/i);
});

test('the JavaScript snippet prints an answer of the official client', async () => {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', snippet('javascript')], {
    cwd: repository,
  });
  assert.ok(stdout.trim().length > 0);
});

const skip = hasPython
  ? false
  : 'NOT PROVED HERE: the official Python client is not installed (python-client.slow.test.ts installs it)';
test('the Python snippet prints an answer of the official client', { skip }, async () => {
  const { stdout } = await run(python, ['-c', snippet('python')]);
  assert.ok(stdout.trim().length > 0);
});
