import path from 'node:path';
import type { ParityReport } from '#contract/main-job.ts';
import { judgeParity } from '#core/main-job/parity-gates.ts';
import {
  measureParity,
  type FileWorkContext,
  type ModelFile,
  type ParityCandidate,
  type ParitySummary,
} from './export-jobs.ts';
import { servingContextTokens } from './held-out.ts';
import type { MainJobServices } from './services.ts';

const rowsForGates = 24;
const greedyPrompts = 10;

/** Beyond what measuring needs: a server, to see that it renders conversations as the trainer did. */
export interface JudgeContext extends FileWorkContext {
  readonly services: FileWorkContext['services'] & Pick<MainJobServices, 'server'>;
}

export interface TunedCandidates {
  /** The merged Hugging Face folder. */
  readonly reference: string;
  readonly f16: ModelFile;
  readonly quantised: readonly ModelFile[];
  readonly name: string;
  readonly key: string;
}

/** Measures files of a tuned model on the held-out rows against what was trained: always the same rows, texts and prompts (N-13). */
export function measureTuned(
  context: FileWorkContext,
  { reference, f16, quantised, name, key }: TunedCandidates,
): Promise<ParitySummary> {
  return measureParity(context, {
    reference,
    candidates: [f16, ...quantised],
    rows: path.join(context.directory, context.output('dataset').heldOutPath),
    limitRows: rowsForGates,
    greedyPrompts,
    name,
    key,
  });
}

/** The gates of one measured file. The conversion is judged by the unquantised file: quantising may change single tokens. */
export async function judgeFile(context: JudgeContext, file: ModelFile, parity: ParitySummary): Promise<ParityReport> {
  const unquantised = candidate(parity, 'F16');
  return judgeParity({
    tokens: parity.tokens,
    template: await compareTemplates(context, file, parity),
    argmaxAgreement: unquantised.argmaxAgreement,
    maxLogProbabilityDifference: unquantised.maxLogProbabilityDifference,
    greedy: unquantised.greedy,
    unquantisedLoss: unquantised.loss,
    servedLoss: candidate(parity, file.type).loss,
  });
}

function candidate(parity: ParitySummary, type: string): ParityCandidate {
  const found = parity.candidates.find((one) => one.type === type);
  if (!found) throw new Error(`the parity job left ${type} out`);
  return found;
}

/** The server's own rendering of conversations against the trainer's. */
async function compareTemplates(
  context: JudgeContext,
  file: ModelFile,
  parity: ParitySummary,
): Promise<{ equal: number; of: number }> {
  const { server } = context.services;
  await server.load({ path: file.path, contextTokens: servingContextTokens(context) }, context.signal);
  let equal = 0;
  for (const { messages, rendered } of parity.templates) {
    const own = await server.render(messages.map(({ role, content }) => ({ role: chatRoleOf(role), content })));
    if (own.text === rendered) equal += 1;
  }
  return { equal, of: parity.templates.length };
}

function chatRoleOf(role: string): 'system' | 'user' | 'assistant' {
  return role === 'system' || role === 'assistant' ? role : 'user';
}
