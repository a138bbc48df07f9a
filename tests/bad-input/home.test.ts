// Folders, settings, locks and ports that are in the way.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { goodRows } from './dataset-files.ts';
import { anotherUser, assertNothingHalfMade, forge, newFolder, newHome, refused } from './forge-command.ts';
import { mountMemoryDisk } from './memory-disk.ts';

const machine = { exitCode: 3 } as const;

test('a home below a file, or on one, is refused with the reason in words', async (t) => {
  const folder = await newFolder(t);
  const file = path.join(folder, 'file');
  writeFileSync(file, 'mine');
  for (const home of [path.join(file, 'home'), file]) {
    await refused(['models', '--home', home], {
      ...machine,
      code: 'engine.home-not-writable',
      says: /Forge cannot write in .*file.*: a part of the path is a file, not a folder\.$/,
      remedy: /--home or FORGE_HOME/,
    });
  }
  assert.equal(readFileSync(file, 'utf8'), 'mine');
});

test('a home where no file can be is refused in two seconds instead of being waited for', async () => {
  const places = process.platform === 'linux' ? ['/proc/forge-x', '/proc/a/b/c', '/dev/null/x'] : ['/dev/null/x'];
  for (const home of process.platform === 'win32' ? [] : places)
    for (const command of [['models'], ['doctor']]) {
      const started = performance.now();
      const done = await forge([...command, '--json', '--home', home]);
      assert.deepEqual([done.code, done.out.includes(`Forge cannot write in ${home}`)], [3, true], done.out + done.err);
      // The command has 2 s on a quiet machine; tests share theirs.
      assert.ok(performance.now() - started < 6_000, `${home} took ${performance.now() - started} ms`);
    }
  if (process.platform === 'linux')
    await refused(['models', '--home', '/proc/forge-x'], {
      ...machine,
      code: 'engine.home-not-writable',
      says: /Forge cannot write in \/proc\/forge-x: the path does not exist and could not be made\.$/,
      remedy: /--home or FORGE_HOME/,
    });
});

test('a home in a folder that this user may not write is refused with the reason', async (t) => {
  const folder = await newFolder(t);
  const isRoot = process.getuid?.() === 0;
  const by = isRoot ? anotherUser : {};
  // Root may write anywhere, so another user asks; to that one the folder of root is read-only.
  chmodSync(folder, 0o555);
  const isPossible = process.platform !== 'win32' && (await forge(['--version'], {}, by)).code === 0;
  if (!isPossible) {
    t.skip('NOT CHECKED: permissions do not bind this user, and another one can not run the command line');
    return;
  }
  for (const home of [folder, path.join(folder, 'home'), path.join(folder, 'a', 'b')])
    await refused(['models', '--home', home], {
      ...machine,
      code: 'engine.home-not-writable',
      says: /Forge cannot write in .*: permission denied\.$/,
      remedy: /permissions/,
      ...(isRoot ? { by: anotherUser } : {}),
    });
  assertNothingHalfMade(folder);
});

test('a home on a read-only file system is refused, and works again when it can be written', async (t) => {
  const disk = await mountMemoryDisk(t, '8m');
  if (disk === null) {
    t.skip('NOT CHECKED: this user may not mount a file system');
    return;
  }
  const { home } = disk;
  disk.remount('ro');
  await refused(['models', '--home', home], {
    ...machine,
    code: 'engine.home-not-writable',
    says: /: the file system is read-only\.$/,
    remedy: /--home or FORGE_HOME/,
  });
  disk.remount('rw');
  assert.equal((await forge(['models', '--home', home])).code, 0);
  assertNothingHalfMade(home);
});

const settings: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  ['not TOML', '\n[server\nport = 1\n', /config\.toml, line 2, is not valid TOML/],
  ['a wrong value', '[server]\nidle_unload_minutes = "long"\n', /idle_unload_minutes under \[server\] is not usable/],
];

test('a broken config.toml is told with its place, and correcting it is enough', async (t) => {
  const home = await newHome(t);
  mkdirSync(home);
  const file = path.join(home, 'config.toml');
  const code = 'engine.configuration-damaged';
  for (const [what, text, says] of settings) {
    writeFileSync(file, text);
    await refused(['models', '--home', home], {
      ...machine,
      code,
      says,
      remedy: /Correct it there, or move .*config\.toml away/,
    });
    assert.equal(readFileSync(file, 'utf8'), text, `${what}: the file is left as the person wrote it`);
  }
  const variable = { FORGE_SERVER_PORT: 'abc' };
  const says = /the variable FORGE_SERVER_PORT is not usable/;
  rmSync(file);
  await refused(
    ['models', '--home', home],
    { ...machine, code, says, remedy: /Correct or unset the variable/ },
    variable,
  );
  assert.equal((await forge(['models', '--home', home])).code, 0);
  assertNothingHalfMade(home);
});

test('a damaged index is told with the way to a new one, and that way works', async (t) => {
  const home = await newHome(t);
  const file = path.join(home, 'db', 'forge.db');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, 'this is no database, and it is long enough to be looked at as one. '.repeat(100));
  await refused(['models', '--home', home], {
    ...machine,
    code: 'storage.database-damaged',
    says: /forge\.db is damaged: file is not a database/,
    remedy: /Move that file away, then run `forge index rebuild`/,
  });
  rmSync(file);
  assert.equal((await forge(['index', 'rebuild', '--home', home])).code, 0);
  assertNothingHalfMade(home);
});

test('a home has one engine: commands share it, and a second engine is told who is there', async (t) => {
  const home = await newHome(t);
  const started = await forge(['ui', '--no-open', '--json', '--home', home]);
  const { pid } = JSON.parse(started.out) as { pid: number };
  const second = path.resolve(import.meta.dirname, '..', '..', 'engine', 'main.headless.ts');
  assert.throws(
    () => execFileSync(process.execPath, [second, '--home', home], { stdio: 'pipe', encoding: 'utf8' }),
    (error: Error & { status?: number; stdout?: string }) => {
      assert.equal(error.status, 3);
      assert.match(error.stdout ?? '', new RegExp(`Another engine \\(process ${pid}\\) already works in .*forge stop`));
      return true;
    },
  );
  // Without its address a command can not use the engine that is there; it must not break it either.
  const address = readFileSync(path.join(home, 'engine.json'));
  rmSync(path.join(home, 'engine.json'));
  const says = new RegExp(`Another engine \\(process ${pid}\\)`);
  await refused(['models', '--home', home], { ...machine, code: 'engine.home-in-use', says, remedy: /--home/ });
  writeFileSync(path.join(home, 'engine.json'), address);
  assert.equal(
    (JSON.parse((await forge(['status', '--json', '--home', home])).out) as { running: boolean }).running,
    true,
  );
  assert.equal((await forge(['stop', '--home', home])).code, 0);
  assert.equal(existsSync(path.join(home, 'engine.lock')), false);
});

test('a taken port is told before the work, not after it', async (t) => {
  const home = await newHome(t);
  const folder = await newFolder(t);
  const dataset = path.join(folder, 'good.csv');
  writeFileSync(dataset, goodRows(60));
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => other.close(resolve)));
  const address = other.address();
  const port = String(typeof address === 'object' && address !== null ? address.port : 0);
  const taken = {
    ...machine,
    code: 'engine.port-taken',
    says: new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken`),
    remedy: /--port, with FORGE_SERVER_PORT, or under \[server\] in config\.toml/,
  };
  await refused(['quickstart', '--once', '--dataset', dataset, '--port', port, '--home', home], taken);
  await refused(['train', '--dataset', dataset, '--home', home], taken, { FORGE_SERVER_PORT: port });
  assertNothingHalfMade(home);
});
