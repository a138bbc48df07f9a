import { z } from 'zod';
import type { StepOutcome, ViewStep } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { createLedger, type ApplyOptions } from '#core/foundry/filters/apply-steps.ts';
import { measuredText, tokenVerdict, type LengthStep } from '#core/foundry/filters/length-filter.ts';
import type { WorkContext } from '../work-context.ts';

/** Model files whose tokenizers count, by the base that a step names. Found when a job is started and kept with it. */
export const tokenizerFiles = z.array(z.object({ base: z.string(), path: z.string() }));
export type TokenizerFiles = z.infer<typeof tokenizerFiles>;

/** A length in tokens that a tokenizer counts. */
export type TokenStep = LengthStep & { readonly base: string };

export function isTokenStep(step: ViewStep): step is TokenStep {
  return step.kind === 'length' && step.unit === 'tokens' && typeof step.base === 'string';
}

/** Files of the tokenizers that steps name. @throws ForgeError foundry.no-tokenizer, base-model.* */
export async function findTokenizers(
  steps: readonly ViewStep[],
  fileOf: (base: string) => Promise<string | null>,
): Promise<TokenizerFiles> {
  const bases = [...new Set(steps.filter(isTokenStep).map(({ base }) => base))];
  return Promise.all(
    bases.map(async (base) => {
      const path = await fileOf(base);
      if (path === null) throw new ForgeError('foundry.no-tokenizer', { base });
      return { base, path };
    }),
  );
}

/** Rows and characters that are counted in one go: so few that a pause is heard soon. */
const [mostRows, mostCharacters] = [200, 400_000];

function* pieces(rows: readonly CanonicalRow[], step: TokenStep): Generator<{ rows: CanonicalRow[]; texts: string[] }> {
  let [piece, texts, characters]: [CanonicalRow[], string[], number] = [[], [], 0];
  for (const row of rows) {
    const text = measuredText(row, step.place) ?? '';
    if (piece.length === mostRows || characters + text.length > mostCharacters) {
      if (piece.length > 0) yield { rows: piece, texts };
      [piece, texts, characters] = [[], [], 0];
    }
    piece.push(row);
    texts.push(text);
    characters += text.length;
  }
  if (piece.length > 0) yield { rows: piece, texts };
}

/**
 * A length in tokens by the target model's own tokenizer (D-8). The tokenizer lives in a process of its own, so rows go to it by the hundred and this step stands
 * for itself, as a script does. @throws ForgeError serving.*
 */
export async function applyTokenStep(
  { step, file, context }: { readonly step: TokenStep; readonly file: string; readonly context: WorkContext },
  { open, pause, onKept }: ApplyOptions,
): Promise<StepOutcome> {
  const ledger = createLedger(step);
  let read = 0;
  for await (const batch of open()) {
    for (const { rows, texts } of pieces(batch, step)) {
      const counts = await context.countTokens(file, texts);
      for (const [index, row] of rows.entries()) {
        const verdict = tokenVerdict(row, step, counts[index] ?? 0);
        ledger.note(row, verdict);
        if (verdict.kind !== 'drop') onKept?.(row);
        read += 1;
        await pause(read);
      }
    }
  }
  return ledger.outcome();
}
