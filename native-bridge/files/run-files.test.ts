import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { JobTransition } from '#contract/job-transition.ts';
import { findNewestCheckpoint } from './newest-checkpoint.ts';
import { readFilePage } from './read-file-page.ts';
import { appendTransition, attemptDirectory, readExitFile, readTransitions, writeControl } from './run-directory.ts';
import { verifyArtefacts } from './verify-artefacts.ts';
import { writeFileAtomic, writeJsonAtomic } from './write-file-atomic.ts';

const home = mkdtempSync(join(tmpdir(), 'forge-files-'));
after(() => rmSync(home, { recursive: true, force: true }));

const sha256 = (data: string): string => createHash('sha256').update(data).digest('hex');

test('an atomic write replaces the file whole and leaves no temp file, also when it fails', async () => {
  const folder = join(home, 'atomic');
  mkdirSync(folder);
  await writeFileAtomic(join(folder, 'a.txt'), 'one');
  await writeFileAtomic(join(folder, 'a.txt'), 'two');
  await writeJsonAtomic(join(folder, 'b.json'), { two: 2 });
  mkdirSync(join(folder, 'taken'));
  await assert.rejects(writeFileAtomic(join(folder, 'taken'), 'x'));
  assert.deepEqual(readdirSync(folder).toSorted(), ['a.txt', 'b.json', 'taken']);
  assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'two');
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'b.json'), 'utf8')), { two: 2 });
});

function transition(revision: number): JobTransition {
  return {
    v: 1,
    revision,
    t: 1,
    from: revision === 1 ? null : 'queued',
    to: 'queued',
    cause: 'submitted',
    attempt: 0,
    lease: null,
    intent: 'none',
    rung: 'none',
    exitProved: false,
    failure: null,
    queueRank: 1,
    exit: null,
  };
}

test('half a transition left by a crash costs that line only', async () => {
  mkdirSync(join(home, 'runs', 'torn'), { recursive: true });
  appendTransition(home, 'torn', transition(1));
  appendFileSync(join(home, 'runs', 'torn', 'transitions.jsonl'), '{"v":1,"revision":2,');
  appendTransition(home, 'torn', transition(2));
  assert.deepEqual(await readTransitions(home, 'torn'), [transition(1), transition(2)]);
  assert.deepEqual(await readTransitions(home, 'nobody'), []);
});

test('control files count up in the order they were asked for', async () => {
  const directory = join(home, 'attempt');
  await writeControl(directory, { command: 'pause', keep: 'best' });
  await writeControl(directory, { command: 'stop', keep: 'best' });
  assert.deepEqual(readdirSync(join(directory, 'control')).toSorted(), ['0001-pause.json', '0002-stop.json']);
  const written = JSON.parse(readFileSync(join(directory, 'control', '0002-stop.json'), 'utf8'));
  assert.deepEqual(written, { v: 1, command: 'stop', keep: 'best' });
});

test('a damaged exit.json says nothing', () => {
  mkdirSync(join(home, 'ended'));
  assert.equal(readExitFile(join(home, 'ended')), null);
  writeFileSync(join(home, 'ended', 'exit.json'), '{"exitCode":');
  assert.equal(readExitFile(join(home, 'ended')), null);
});

test('artefacts are compared by place, kind, size and digest', async () => {
  const directory = join(home, 'run');
  const outside = join(home, 'outside');
  const named = join(home, 'named');
  for (const folder of [directory, outside, named]) mkdirSync(folder);
  for (const folder of [directory, outside, named]) writeFileSync(join(folder, 'a'), 'data');
  symlinkSync(join(outside, 'a'), join(directory, 'link'));
  const places = { directory, named: [named] };
  const check = (path: string, change: object = {}) =>
    verifyArtefacts([{ name: 'a', path, bytes: 4, sha256: sha256('data'), ...change }], places);
  assert.equal(await check('a'), null);
  assert.equal(await check(join(named, 'a')), null);
  const reasons = await Promise.all([
    check('b'),
    check('link'),
    check('../outside/a'),
    check(join(outside, 'a')),
    check(`${named}-not/a`),
    check('a', { bytes: 5 }),
    check('a', { sha256: sha256('date') }),
  ]);
  assert.deepEqual(
    reasons.map((problem) => problem?.reason),
    [
      'it is missing',
      'it is not a plain file',
      'it lies outside the folders of the run',
      'it lies outside the folders of the run',
      'it lies outside the folders of the run',
      'it has 4 bytes instead of 5',
      'its digest is another one',
    ],
  );
});

function checkpoint(attempt: number, step: string, damage: (folder: string) => void = () => undefined): string {
  const folder = join(attemptDirectory(home, 'job', attempt), 'checkpoints', step);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'state.json'), 'data');
  const files = [{ path: 'state.json', bytes: 4, sha256: sha256('data') }];
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ v: 1, step: Number(step), files, best: false }));
  damage(folder);
  return folder;
}

test('the newest valid checkpoint wins; damaged, half-made and foreign ones are passed over', async () => {
  assert.equal(await findNewestCheckpoint(home, 'job', 3), null);
  const first = checkpoint(1, '00000010');
  assert.equal(await findNewestCheckpoint(home, 'job', 3), first);
  const second = checkpoint(2, '00000015');
  checkpoint(2, '00000020', (folder) => writeFileSync(join(folder, 'state.json'), 'date'));
  checkpoint(2, '00000025', (folder) => rmSync(join(folder, 'manifest.json')));
  checkpoint(2, '00000030', (folder) => writeFileSync(join(folder, 'manifest.json'), '{"v":1'));
  checkpoint(2, '00000035', (folder) => {
    const files = [{ path: '../../../../../secret', bytes: 4, sha256: sha256('data') }];
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ v: 1, step: 35, files }));
  });
  mkdirSync(join(attemptDirectory(home, 'job', 2), 'checkpoints', '.00000040.tmp'));
  assert.equal(await findNewestCheckpoint(home, 'job', 3), second);
  assert.equal(await findNewestCheckpoint(home, 'job', 1), first);
});

test('a page of a file ends at its end', async () => {
  writeFileSync(join(home, 'page'), '0123456789');
  const read = async (offset: number, limit: number) =>
    Buffer.from(await readFilePage(join(home, 'page'), offset, limit)).toString();
  assert.deepEqual([await read(0, 4), await read(8, 4), await read(20, 4)], ['0123', '89', '']);
  assert.equal((await readFilePage(join(home, 'none'), 0, 4)).length, 0);
});
