import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { columnMapping } from '../datasets.ts';
import { datasetInspection, datasetSourceProgress, knownDataset, shownRow } from '../dataset-preview.ts';
import { procedure, requestId } from './procedure.ts';

const path = z.string().min(1).max(4096);

export const datasetProcedures = {
  /** What can be learned from without bringing anything: the sample, kept answers, files uploaded or fetched before. */
  list: procedure.output(z.array(knownDataset)),
  /**
   * Makes a file of what a person names: a file stays where it is, a folder's files are put together, `hf:owner/name` is
   * fetched from the hub (a request that leaves this machine, in the ledger). Progress, then the file.
   */
  obtain: procedure
    .input(z.object({ source: z.string().min(1).max(4096) }))
    .output(eventIterator(datasetSourceProgress)),
  /**
   * Reads a file as the main job will: format, mapping, rejects, split, and a page of its rows. A page of long rows may be shorter than `limit`, and
   * a message above 20,000 characters is cut with a word on it. `dataset.columns-unknown` and `dataset.column-missing` carry the names of
   * all columns as a JSON list in `detail.columns`.
   */
  inspect: procedure
    .input(
      z.object({
        path,
        mapping: columnMapping.nullable().default(null),
        systemPrompt: z.string().max(20_000).nullable().default(null),
        heldOutRows: z.number().int().positive().max(100_000).nullable().default(null),
        seed: z.number().int().min(0).max(2_147_483_647).nullable().default(null),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(0).max(200).default(20),
      }),
    )
    .output(datasetInspection),
  /** One row exactly as the base model would see it, token by token where its tokenizer is on this disk. */
  showRow: procedure
    .input(
      z.object({
        path,
        mapping: columnMapping.nullable().default(null),
        systemPrompt: z.string().max(20_000).nullable().default(null),
        row: z.string().max(200),
        base: z.string().max(4096).nullable().default(null),
      }),
    )
    .output(shownRow),
  /** Uploaded and fetched files can go; a person's own file is never touched. */
  remove: procedure.input(z.object({ path, requestId })).output(z.object({ freedBytes: z.number() })),
};
