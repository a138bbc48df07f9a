import type { JobView } from '#contract/jobs.ts';
import type { ForgeClient } from '#contract/client.ts';
import { CommandFailure, exitCode } from './failure.ts';
import { nearestWord } from './nearest-word.ts';

const mostListed = 500;

/** The run a person means: its id, the beginning of one that fits a single run, or `last`. Throws `engine.not-found` or a usage failure. */
export async function findRun(client: ForgeClient, word: string): Promise<JobView> {
  const jobs = await client.jobs.list({ limit: mostListed });
  const newest = [...jobs].sort((left, right) => right.createdAt - left.createdAt);
  const exact = jobs.find(({ id }) => id === word) ?? (word === 'last' ? newest[0] : undefined);
  if (exact !== undefined) return exact;
  const begun = jobs.filter(({ id }) => id.startsWith(word));
  if (begun.length === 1 && begun[0] !== undefined) return begun[0];
  if (begun.length > 1) {
    throw new CommandFailure({
      code: 'command.ambiguous',
      message: `${begun.length} runs begin with ${word}: ${begun
        .slice(0, 5)
        .map(({ id }) => id)
        .join(', ')}.`,
      remedy: 'Give more of the id.',
      exitCode: exitCode.usage,
    });
  }
  const near = nearestWord(
    word,
    jobs.map(({ id }) => id),
  );
  throw new CommandFailure({
    code: 'engine.not-found',
    message: word === 'last' ? 'There is no run yet.' : `There is no run called ${word}.`,
    remedy: near === null ? 'List what there is with `forge runs list`.' : `Did you mean ${near}?`,
    exitCode: exitCode.usage,
  });
}
