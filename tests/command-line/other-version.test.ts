// `forge` beside an engine of another version of Forge on the same home: said in plain words, and ended by `forge stop`.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { protocolVersion } from '#contract/protocol-version.ts';
import { forge, newHome } from '../bad-input/forge-command.ts';
import { startOtherVersion } from '../fixtures/start-other-version.ts';

async function besideOther(t: TestContext, protocol: number) {
  const home = await newHome(t);
  const other = await startOtherVersion(home, protocol);
  t.after(() => other.process.kill('SIGKILL'));
  return { home, other: other.process };
}

for (const [which, protocol] of [
  ['an older', protocolVersion - 1],
  ['a newer', protocolVersion + 1],
] as const)
  test(`${which} engine is named with both versions and the one remedy, and is left alone`, async (t) => {
    const { home, other } = await besideOther(t, protocol);
    for (const words of [['status'], ['models', 'list'], ['ui', '--no-open']]) {
      const { code, out, err } = await forge([...words, '--home', home]);
      assert.deepEqual([code, out], [3, ''], words.join(' '));
      const said = err.replaceAll(/\s+/g, ' ');
      assert.match(said, /is of another version of Forge: it is 0\.0\.9 and speaks protocol \d+, this command is \d/);
      assert.match(said, /End it with `forge stop`/);
    }
    assert.equal(other.exitCode, null);
  });

test('`forge stop` ends it, and what is asked next starts the right engine', async (t) => {
  const { home } = await besideOther(t, protocolVersion - 1);
  const stopped = await forge(['stop', '--home', home, '--json']);
  assert.equal((JSON.parse(stopped.out) as { stopped: boolean }).stopped, true);
  assert.equal(existsSync(path.join(home, 'engine.json')), false);
  const listed = await forge(['models', 'list', '--home', home, '--json']);
  assert.deepEqual([listed.code, JSON.parse(listed.out)], [0, []]);
});

test('as a program reads it: the code of the failure, and nothing else on the way out', async (t) => {
  const { home } = await besideOther(t, protocolVersion + 1);
  const { code, out } = await forge(['status', '--home', home, '--json']);
  const { error } = JSON.parse(out) as { error: { code: string; remedy: string } };
  assert.deepEqual([code, error.code], [3, 'engine.protocol-mismatch']);
});
