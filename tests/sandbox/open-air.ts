import assert from 'node:assert/strict';
import type { CanonicalRow } from '#contract/rows.ts';
import { textRow } from '#core/foundry/fake-rows.ts';
import {
  isStop,
  type Sandbox,
  type ScriptAnswer,
  type ScriptProgram,
  type ScriptStop,
} from '#core/foundry/scripts/sandbox.ts';
import { readDriver } from '#native-bridge/sandbox/app-files.ts';
import { findProgram } from '#native-bridge/sandbox/find-program.ts';
import { startFramedProcess } from '#native-bridge/sandbox/framed-process.ts';
import { awaitReady, openSession } from '#native-bridge/sandbox/script-session.ts';

/** Python with nothing around it: what a sandbox must never be. For tests of the witnesses, and of the driver with scripts of the test's own. */
export function openAir(): Sandbox {
  const python = findProgram(['/usr/bin/python3', 'python3'], process.env);
  assert.ok(python !== null, 'python3 is needed to test with');
  const inherited = Object.entries(process.env).map(([name, value]) => [name, value ?? '']);
  const environment = { ...Object.fromEntries(inherited), PYTHONHASHSEED: '0' } as Record<string, string>;
  return {
    name: 'container',
    label: 'no sandbox at all',
    probe: () => Promise.resolve({ isFit: true, detail: '' }),
    async start(program, signal) {
      const driver = `${await readDriver()}\nmain(${program.limits.memoryBytes})\n`;
      const options = { program: python, args: ['-S', '-c', driver], environment, frameBytes: 100_000_000 };
      return openSession(
        (stop) => awaitReady(startFramedProcess({ ...options, signal: stop }), 15_000),
        program,
        signal,
      );
    },
  };
}

export function program(source: string, more: Partial<ScriptProgram> = {}): ScriptProgram {
  return {
    ...{ source, sample: [], seed: 0, allow: { clock: false, random: false } },
    limits: {
      startMs: 10_000,
      messageMs: () => 3_000,
      rowMs: 1_000,
      memoryBytes: 1_073_741_824,
      outputBytes: 1_000_000,
    },
    ...more,
  };
}

/** Loads a script, gives it rows in messages, and ends it. Only the first stop comes back. */
export async function runScript(
  given: ScriptProgram,
  messages: readonly (readonly CanonicalRow[])[] = [[textRow('one'), textRow('two'), textRow('three')]],
): Promise<ScriptStop | ScriptAnswer[]> {
  const session = await openAir().start(given);
  if (isStop(session)) return session;
  const answers: ScriptAnswer[] = [];
  let first = 0;
  for (const rows of messages) {
    const answer = await session.transform(rows, first);
    if (answer.kind === 'stopped') return answer;
    answers.push(answer);
    first += rows.length;
  }
  await session.close();
  return answers;
}
