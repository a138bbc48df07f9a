import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressEvents } from './progress-events.ts';

test('what the work reports comes first, then its outcome', async () => {
  const seen: unknown[] = [];
  const events = progressEvents<number, string>(undefined, async ({ report }) => {
    report(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    report(2);
    return 'done';
  });
  for await (const event of events) seen.push(event);
  assert.deepEqual(seen, [{ progress: 1 }, { progress: 2 }, { outcome: 'done' }]);
});

test('an error of the work ends the stream with it', async () => {
  const events = progressEvents<number, string>(undefined, async () => {
    throw new Error('no room');
  });
  await assert.rejects(events.next(), /no room/);
});

test('a reader that leaves aborts the work, with the reason where one is given; so does the signal of the call', async () => {
  const reasons: unknown[] = [];
  const work = async ({ signal, report }: { signal: AbortSignal; report: (line: string) => void }): Promise<void> => {
    report('begun');
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    reasons.push(signal.reason);
  };
  const why = new Error('the reader left');
  for await (const event of progressEvents(undefined, work, () => why)) {
    assert.deepEqual(event, { progress: 'begun' });
    break;
  }
  const call = new AbortController();
  for await (const _event of progressEvents(call.signal, work)) call.abort('Ctrl-C');
  assert.deepEqual(reasons, [why, 'Ctrl-C']);
});
