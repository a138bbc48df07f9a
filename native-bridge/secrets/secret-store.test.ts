import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { createSecretStore } from './create-secret-store.ts';
import { redact } from './redact.ts';

const root = await mkdtemp(join(tmpdir(), 'forge-secrets-'));
after(() => rm(root, { recursive: true, force: true }));
const newHome = (): Promise<string> => mkdtemp(join(root, 'home-'));
const code = (expected: string) => (error: unknown) => error instanceof ForgeError && error.code === expected;

test('a secret is kept, read by another process, listed without its value and removed', async () => {
  const home = await newHome();
  const store = createSecretStore({ home, own: {} });
  await store.write('hf_token', 'hf_abcdefghijklmnop');
  const again = createSecretStore({ home, own: {} });
  assert.equal(await again.read('hf_token'), 'hf_abcdefghijklmnop');
  assert.deepEqual(await again.list(), [{ name: 'hf_token', origin: 'store' }]);
  assert.deepEqual(
    [await again.remove('hf_token'), await again.remove('hf_token'), await again.read('hf_token')],
    [true, false, null],
  );
  assert.equal(await again.read('constructor'), null);
});

test('the file is readable by its owner only, and the store says that it is not encrypted', async () => {
  const home = await newHome();
  const store = createSecretStore({ home, own: {} });
  await store.write('a', 'value-1');
  assert.equal((await stat(join(home, 'secrets.json'))).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(home), ['secrets.json']);
  assert.equal(store.protection.encrypted, false);
  assert.equal(
    createSecretStore({ home, own: {}, platform: 'linux' }).protection.place,
    'file secrets.json (0600, not encrypted)',
  );
  assert.match(store.protection.text, /not encrypted/);
});

test(
  'a file others can read is not used',
  { skip: process.platform === 'win32' && 'modes say nothing there' },
  async () => {
    const home = await newHome();
    const store = createSecretStore({ home, own: {} });
    await store.write('a', 'value-1');
    await chmod(join(home, 'secrets.json'), 0o644);
    await assert.rejects(store.read('a'), code('secret.file-open-to-others'));
  },
);

test('a damaged file is refused without quoting it, and is left as it is', async () => {
  const home = await newHome();
  const path = join(home, 'secrets.json');
  await writeFile(path, '{"v":1,"secrets":{"a":"top-secret-value"', { mode: 0o600 });
  await assert.rejects(createSecretStore({ home, own: {} }).write('b', 'x'), (error) => {
    assert.ok(error instanceof ForgeError && error.code === 'secret.file-damaged');
    assert.doesNotMatch(JSON.stringify(error) + error.message + String(error.cause), /top-secret/);
    return true;
  });
  assert.match(await readFile(path, 'utf8'), /top-secret-value/);
});

test('the environment wins over the store', async () => {
  const home = await newHome();
  const store = createSecretStore({ home, own: { FORGE_SECRET_HF_TOKEN: 'from-environment', OTHER: 'x' } });
  await store.write('hf_token', 'from-store');
  assert.equal(await store.read('hf_token'), 'from-environment');
  assert.deepEqual(await store.list(), [{ name: 'hf_token', origin: 'environment' }]);
});

test('changes made at once are all kept', async () => {
  const home = await newHome();
  const store = createSecretStore({ home, own: {} });
  const names = Array.from({ length: 20 }, (_, index) => `key_${index}`);
  await Promise.all(names.map((name) => store.write(name, `value of ${name}`)));
  assert.deepEqual((await store.list()).map(({ name }) => name).toSorted(), names.toSorted());
});

test('odd names and values are refused', async () => {
  const store = createSecretStore({ home: await newHome(), own: {} });
  for (const name of ['', 'A', '../x', 'hf-token', '__proto__', 'a'.repeat(65)])
    await assert.rejects(store.write(name, 'x'), code('secret.bad-name'));
  for (const value of ['', '  ', 'two\nlines', 'x'.repeat(5000)])
    await assert.rejects(store.write('a', value), code('secret.bad-value'));
});

test('a log line loses every known value and everything shaped like a token', () => {
  const known = new Map([
    ['a', 'longer-secret'],
    ['b', 'secret-in'],
    ['c', 'longer-secret-in-it'],
    ['short', 'in'],
  ]);
  assert.equal(
    redact(
      'x longer-secret-in-it y longer-secret z secret-in Authorization: Bearer abc.DEF-123456 https://anna:pw123@host/p hf_AAAABBBBCCCCDDDD1 sk-abcdefghijklmnopqrst',
      known,
    ),
    'x [secret c] y [secret a] z [secret b] Authorization: Bearer [secret] https://anna:[secret]@host/p [secret] [secret]',
  );
});
