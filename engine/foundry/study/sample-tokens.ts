import path from 'node:path';
import type { ShownRow } from '#contract/dataset-preview.ts';
import type { DatasetVersion, PageRequest, RowPage } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { estimatedTokensOf, type TokenSample } from './study-order.ts';

/** What of the foundry a sample needs. */
export interface ShownRows {
  page(request: PageRequest): Promise<RowPage>;
  row(reference: { name: string; version: number; id: string }): Promise<CanonicalRow>;
  showRow(reference: { name: string; version: number; id: string; base: string | null }): Promise<ShownRow>;
}

/** Rows that the tokenizer counts, and how long it may take, once it is loaded, before the study starts with what there is. */
const [sampleRows, mostMs] = [200, 4_000];

const noFilter = { text: '', kind: null, flag: null, group: null, ids: null, study: null };

/**
 * Counts rows spread evenly over a version with the tokenizer of a base, template included. Null where its tokenizer is not on this disk or no row of the version
 * can be shown to it.
 */
export async function sampleTokens(
  rows: ShownRows,
  version: DatasetVersion,
  base: string,
): Promise<TokenSample | null> {
  const { name, version: number } = version;
  const wanted = Math.min(sampleRows, version.rows);
  const counts: [place: number, tokens: number][] = [];
  let [counted, estimated] = [0, 0];
  let startMs = performance.now();
  for (let index = 0; index < wanted && (index === 0 || performance.now() - startMs < mostMs); index += 1) {
    const place = Math.floor((index * version.rows) / wanted);
    const sort = { by: 'place', descending: false } as const;
    const { rows: found } = await rows.page({ name, version: number, offset: place, limit: 1, sort, filter: noFilter });
    const id = found[0]?.id;
    if (id === undefined) break;
    const tokens = await tokensOf(rows, { name, version: number, id, base });
    if (tokens === 'no-tokenizer') return null;
    if (index === 0) startMs = performance.now();
    if (tokens === null) continue;
    counts.push([place, tokens]);
    counted += tokens;
    estimated += estimatedTokensOf(await rows.row({ name, version: number, id }));
  }
  if (counted === 0 || estimated === 0) return null;
  return { base: nameOfBase(base), counts, ratio: counted / estimated };
}

/** A base as a report names it: never an absolute path. */
export function nameOfBase(base: string): string {
  return path.isAbsolute(base) ? path.basename(base) : base;
}

async function tokensOf(
  rows: ShownRows,
  reference: Parameters<ShownRows['showRow']>[0],
): Promise<number | null | 'no-tokenizer'> {
  try {
    return (await rows.showRow(reference)).tokens ?? 'no-tokenizer';
  } catch (error) {
    // A row of another kind than a conversation, or one that the template refuses, has no tokens of its own.
    if (error instanceof ForgeError && error.code === 'foundry.not-shown') return null;
    if (error instanceof ForgeError && error.code.startsWith('serving.')) return 'no-tokenizer';
    throw error;
  }
}
