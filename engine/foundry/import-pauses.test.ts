// An import that is paused, ended, cancelled, taken up by another engine: D-6.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { FoundryJob, ImportReport, ImportRequest } from '#contract/dataset-versions.ts';
import type { FoundryService } from './foundry-service.ts';
import { generateRows } from './testing/generated-rows.ts';
import { ended, imported, importOf, openFoundry, temporaryHome } from './testing/foundry-fixture.ts';

let home = '';
let remove: () => Promise<void> = () => Promise.resolve();
let foundry: FoundryService;
let requests = 0;

before(async () => {
  ({ home, remove } = await temporaryHome());
  foundry = openFoundry(home);
  await mkdir(path.join(home, 'mine'));
});
after(async () => {
  await foundry.stop();
  await remove();
});

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const place = path.join(home, 'mine', name);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, content);
  return place;
}

async function run(paths: readonly string[], more: Partial<ImportRequest> = {}): Promise<ImportReport> {
  return imported(foundry, importOf(paths, { name: `set-${requests + 1}`, ...more }), `request-${(requests += 1)}`);
}

function codeOf({ failure }: FoundryJob): string {
  return (failure as { code?: string } | null)?.code ?? '';
}

test('a file that changes while the import rests fails it, and no version is made', async () => {
  const place = path.join(home, 'mine', 'growing.jsonl');
  await generateRows(place, 120_000, 5);
  const job = await foundry.import(importOf([place], { name: 'growing' }), `request-${(requests += 1)}`);
  await reading(job.id, 1);
  const paused = await foundry.jobs.pause(job.id);
  assert.equal(paused.state, 'paused');
  await appendFile(place, '{"question":"late","answer":"a"}\n');
  await foundry.jobs.resume(job.id);
  const last = await ended(foundry, job.id);
  assert.deepEqual([last.state, codeOf(last)], ['failed', 'dataset.changed-while-reading']);
  assert.equal(existsSync(path.join(home, 'datasets', 'growing')), false);
});

/** Waits until the job has done something. */
async function reading(job: string, done: number): Promise<void> {
  for await (const state of foundry.jobs.watch(job)) {
    if (state.done >= done) return;
    assert.ok(['waiting', 'running'].includes(state.state), `it ended as ${state.state} before it was looked at`);
  }
}

test('paused, taken up by another engine, and ended: the same version as without', async () => {
  const place = path.join(home, 'mine', 'paused.jsonl');
  const expected = await generateRows(place, 120_000, 6);
  const whole = await run([place], { name: 'whole' });
  const job = await foundry.import(importOf([place], { name: 'resumed' }), 'request-resumed');
  await reading(job.id, 1);
  await foundry.jobs.pause(job.id);
  const next = openFoundry(home);
  await next.begin();
  assert.equal(next.jobs.get(job.id).state, 'paused', 'a pause outlives the engine');
  await next.jobs.resume(job.id);
  const last = await ended(next, job.id);
  const report = last.result as ImportReport;
  assert.deepEqual(
    [last.state, report.digest, report.seen, report.merged],
    ['done', whole.digest, expected.seen, expected.merged],
  );
  await next.stop();
});

test('every container goes on where it was paused: CSV, packed lines, one JSON array', async () => {
  const records = Array.from({ length: 40_000 }, (_, index) => ({
    question: `Question ${index}, "quoted"${index % 9 === 0 ? '\nand broken' : ''}?`,
    answer: index % 50 === 0 ? '' : `Größe ${index % 30_000} ${'x'.repeat(index % 90)}`,
  }));
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const lines = records.map((record) => JSON.stringify(record));
  const contents: [string, string | Uint8Array][] = [
    [
      'all.csv',
      `question,answer\n${records.map(({ question, answer }) => `${cell(question)},${cell(answer)}`).join('\n')}\n`,
    ],
    ['all.jsonl.gz', gzipSync(lines.join('\n'))],
    ['all.json', `[${lines.join(',\n')}]`],
  ];
  for (const [name, content] of contents) {
    const place = await file(name, content);
    const whole = await run([place]);
    assert.deepEqual([whole.seen, whole.rejected], [40_000, 800], name);
    const job = await foundry.import(importOf([place], { name: 'parts' }), `request-parts-${name}`);
    await reading(job.id, 1);
    await foundry.jobs.pause(job.id);
    const paused = foundry.jobs.get(job.id).state;
    await foundry.jobs.resume(job.id);
    const last = await ended(foundry, job.id);
    assert.deepEqual(
      [paused, last.state, (last.result as ImportReport).digest],
      ['paused', 'done', whole.digest],
      name,
    );
  }
});

test('a cancel is heard within a second and leaves nothing; the same request gives the same job', async () => {
  const place = path.join(home, 'mine', 'cancelled.jsonl');
  await generateRows(place, 120_000, 7);
  const request = importOf([place], { name: 'cancelled' });
  const job = await foundry.import(request, 'request-cancelled');
  assert.equal((await foundry.import(request, 'request-cancelled')).id, job.id);
  await reading(job.id, 1);
  const startMs = performance.now();
  const cancelled = await foundry.jobs.cancel(job.id);
  assert.ok(performance.now() - startMs < 1_000, `${performance.now() - startMs} ms`);
  assert.equal(cancelled.state, 'cancelled');
  assert.deepEqual(await readdir(path.join(home, 'foundry', job.id)), ['job.json']);
  assert.equal(existsSync(path.join(home, 'datasets', 'cancelled')), false);
  await assert.rejects(foundry.jobs.resume(job.id), { code: 'foundry.job-over' });
  await assert.rejects(async () => foundry.jobs.get('nothing'), { code: 'foundry.job-unknown' });
});

test('one job at a time: the second waits, and can be cancelled while it does', async () => {
  const place = path.join(home, 'mine', 'queue.jsonl');
  await generateRows(place, 60_000, 8);
  const first = await foundry.import(importOf([place], { name: 'first' }), 'request-queue-1');
  const second = await foundry.import(importOf([place], { name: 'second' }), 'request-queue-2');
  assert.equal(foundry.jobs.get(second.id).state, 'waiting');
  assert.equal((await foundry.jobs.cancel(second.id)).state, 'cancelled');
  assert.equal((await ended(foundry, first.id)).state, 'done');
  const all: string[] = [];
  const stopping = new AbortController();
  for await (const job of foundry.jobs.watchAll(stopping.signal)) {
    all.push(job.id);
    if (all.includes(first.id) && all.includes(second.id)) break;
  }
  assert.ok(all.length >= 2);
});
