import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobView } from '#contract/jobs.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { shareProcessor } from './share-processor.ts';

function job(id: string, state: JobView['state'], device: JobView['device'] = 'cpu'): JobView {
  const rest = {
    attempt: 1,
    createdAt: 0,
    updatedAt: 0,
    queuePosition: null,
    phase: null,
    step: null,
    failure: null,
    revision: 1,
  };
  return { id, kind: 'train', name: id, state, device, ...rest };
}

test('the server gives one core to a worker on the processor and takes it back when the last one ends', async () => {
  const given: number[] = [];
  async function* watch() {
    yield { kind: 'snapshot' as const, jobs: [job('a', 'queued')] };
    yield { kind: 'changed' as const, job: job('a', 'running') };
    yield { kind: 'changed' as const, job: job('b', 'running', 'cuda') };
    yield { kind: 'changed' as const, job: job('a', 'succeeded') };
  }
  const served = { setThreads: async (threads: number) => void given.push(threads) };
  await shareProcessor(
    { jobs: { watch }, served, physicalCores: 4, logger: silentLogger },
    new AbortController().signal,
  );
  assert.deepEqual(given, [4, 3, 4]);
});
