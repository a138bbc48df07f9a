import assert from 'node:assert/strict';
import { textRow } from '#core/foundry/fake-rows.ts';
import type { ScriptAllowances } from '#contract/scripts.ts';
import { isStop, type Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { program } from './open-air.ts';

/** What a script may not use unless it was asked for (D-29), each by its own row. */
const source = `
import datetime, os, random, time, uuid

calls = {
    "clock": time.time,
    "date": datetime.datetime.now,
    "chance": random.random,
    "entropy": lambda: os.urandom(4),
    "uuid": uuid.uuid4,
    "memory": lambda: len(bytearray(400_000_000)),
    "less memory": lambda: len(bytearray(50_000_000)),
    "number": lambda: 0.1 + 0.2,
}

def transform(row):
    try:
        said = calls[row["text"]]()
    except (Exception, MemoryError) as error:
        said = type(error).__name__
    return {**row, "text": str(said)}
`;

async function answersOf(sandbox: Sandbox, texts: readonly string[], allow: ScriptAllowances): Promise<string[]> {
  const { limits } = program('');
  const tight = { ...limits, startMs: 60_000, messageMs: () => 60_000, memoryBytes: 268_435_456 };
  const session = await sandbox.start(program(source, { allow, limits: tight }));
  assert.ok(!isStop(session), JSON.stringify(session));
  try {
    const answer = await session.transform(
      texts.map((text) => textRow(text)),
      0,
    );
    assert.ok(!isStop(answer), JSON.stringify(answer));
    return answer.results.map(([row]) => (row as { text: string }).text);
  } finally {
    await session.close();
  }
}

/** The same in every sandbox: no clock, no chance, no more memory than it may have. */
export async function assertRules(sandbox: Sandbox): Promise<void> {
  const none = { clock: false, random: false };
  const asked = ['clock', 'date', 'chance', 'entropy', 'uuid', 'memory', 'less memory', 'number'];
  assert.deepEqual(await answersOf(sandbox, asked, none), [
    ...['clock', 'date', 'chance', 'entropy', 'uuid'].map(() => 'NotAllowedError'),
    ...['MemoryError', '50000000', '0.30000000000000004'],
  ]);
}

/** With chance allowed, the same numbers in every sandbox, by seed and row. */
export async function assertAllowances(sandbox: Sandbox): Promise<void> {
  const [clock = '', chance, again] = await answersOf(sandbox, ['clock', 'chance', 'chance'], {
    clock: true,
    random: true,
  });
  assert.ok(Number(clock) > 1.7e9, clock);
  assert.deepEqual([chance, again], ['0.13436424411240122', '0.9560342718892494']);
}
