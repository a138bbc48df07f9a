import path from 'node:path';
import { answerTokenLimit, scoreServed, type ServedAnswer } from '../evaluation/score-served.ts';
import { readRows } from './row-files.ts';
import type { StepContext } from './step.ts';

/** Tokens of context a served model gets: the rows' longest length with room to answer, never above what it was trained on. */
export function servingContextTokens(context: Pick<StepContext, 'output'>): number {
  const { plan } = context.output('plan');
  return Math.min(context.output('base').facts.contextLength, Math.max(2048, plan.recipe.maxLength * 2));
}

/** Answers the held-out rows with one file and scores them; what an earlier, interrupted run answered is kept. */
export async function scoreHeldOut(
  context: StepContext,
  file: { ggufPath: string; ggufSha256: string; label: string },
): Promise<{ answers: ServedAnswer[]; answersPath: string }> {
  const { services, signal, report } = context;
  const dataset = context.output('dataset');
  const rows = await readRows(path.join(context.directory, dataset.heldOutPath));
  const contextTokens = servingContextTokens(context);
  await services.server.load({ path: file.ggufPath, contextTokens }, signal);
  const maximumTokens = await answerTokenLimit(services.server, rows);
  // The file's digest is in the name: answers of another file can never be taken for this one's (law 2).
  const answersPath = path.join(
    context.directory,
    'evaluation',
    `${file.label}-${file.ggufSha256.slice(0, 12)}-${dataset.digest.slice(0, 12)}.jsonl`,
  );
  const answers = await scoreServed({
    server: services.server,
    ggufPath: file.ggufPath,
    rows,
    scoring: dataset.scoring,
    answersPath,
    maximumTokens,
    contextTokens,
    signal,
    report,
    monotonicMs: () => services.clock.monotonicMs(),
  });
  return { answers, answersPath };
}
