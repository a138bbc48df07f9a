import { createInterface } from 'node:readline/promises';
import { usageFailure } from './failure.ts';
import type { Invocation } from './invocation.ts';

/**
 * Asks before something is deleted. Without a terminal nobody can answer: then `--yes` is needed, and its absence is a usage failure.
 * Resolves with whether to go on.
 */
export async function confirm(invocation: Invocation, question: string): Promise<boolean> {
  if (invocation.values.get('yes') === true) return true;
  if (!process.stdin.isTTY || !invocation.terminal.live) {
    throw usageFailure(`${question} Nobody can be asked here.`, 'Add --yes when you are sure.');
  }
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await reader.question(`${question} Type yes to go on: `);
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    reader.close();
  }
}
