import path from 'node:path';
import { z } from 'zod';
import { importRequest, versionReference } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { estimateTokens } from '#core/foundry/filters/estimate-tokens.ts';
import { textsOf } from '#core/foundry/row-texts.ts';
import { versionFolder, type StoreFolders } from '#native-bridge/datasets/store/store-places.ts';
import { stepResources } from '../views/step-resources.ts';

/** What the tokenizer of a base counted before the study began: some rows by their place, and their ratio to the estimate. */
export const tokenSample = z.object({
  base: z.string(),
  counts: z.array(z.tuple([z.number(), z.number()])),
  ratio: z.number().positive(),
});
export type TokenSample = z.infer<typeof tokenSample>;

export const studyOrder = z.object({
  version: versionReference.nullable(),
  files: importRequest.nullable(),
  base: z.string().nullable(),
  tokens: tokenSample.nullable(),
  /** Tokens that the base takes in; null where it is not known. */
  contextTokens: z.number().int().positive().nullable(),
  resources: stepResources,
});
export type StudyOrder = z.infer<typeof studyOrder>;

/** Tokens of everything a row says, without the template around it. */
export function estimatedTokensOf(row: CanonicalRow): number {
  return textsOf(row).reduce((sum, { text }) => sum + estimateTokens(text), 0);
}

/** The report of a version's last study. */
export function studyFile(folders: StoreFolders, version: { name: string; version: number }): string {
  return path.join(versionFolder(folders, version), 'study.json');
}
