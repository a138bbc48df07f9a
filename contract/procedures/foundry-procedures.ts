import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  datasetName,
  datasetVersion,
  foundryJob,
  importRequest,
  pageRequest,
  rejectEntry,
  rowPage,
  splitChoice,
  stepOutcome,
  versionReference,
  versionUse,
  viewStep,
} from '../dataset-versions.ts';
import { checkRequest } from '../dataset-checks.ts';
import { shownRow } from '../dataset-preview.ts';
import { hubFetchEvent, hubListing } from '../hub-datasets.ts';
import { importPreview, previewRequest } from '../import-preview.ts';
import { canonicalRow } from '../rows.ts';
import { studyReport, studyRequest } from '../study.ts';
import { procedure, requestId } from './procedure.ts';

const job = z.string().max(100);

/** Datasets as versions: `FORGE_HOME/datasets/<name>/v<n>/`. Long work answers with its job at once; `watch` tells how it goes. */
export const foundryProcedures = {
  list: procedure.output(z.array(datasetVersion)),
  version: procedure.input(versionReference).output(datasetVersion),
  /** The first look (D-1) and the live result of a mapping on the first records (D-5); within 2 s whatever the size. */
  preview: procedure.input(previewRequest).output(importPreview),
  /** What a dataset of the hub (`hf:owner/name[@revision][:configuration[/split]]`) consists of; requests that leave this machine. */
  hubParts: procedure.input(z.object({ source: z.string().min(1).max(500) })).output(hubListing),
  /** Fetches one part of it, resumably; leaving the stream stops it, and what has arrived is kept. */
  fetchHub: procedure.input(z.object({ source: z.string().min(1).max(500) })).output(eventIterator(hubFetchEvent)),
  /** Starts an import. The same request id gives the same job. */
  import: procedure.input(z.object({ request: importRequest, requestId })).output(foundryJob),
  jobs: procedure.output(z.array(foundryJob)),
  /** The job as it is, then every change; ends with it. */
  watch: procedure.input(z.object({ job })).output(eventIterator(foundryJob)),
  /** Every job as it is, then every change of any of them and every new one; does not end. */
  watchAll: procedure.output(eventIterator(foundryJob)),
  pause: procedure.input(z.object({ job, requestId })).output(foundryJob),
  resume: procedure.input(z.object({ job, requestId })).output(foundryJob),
  cancel: procedure.input(z.object({ job, requestId })).output(foundryJob),
  /** First page of a million rows within 150 ms. */
  page: procedure.input(pageRequest).output(rowPage),
  row: procedure.input(versionReference.extend({ id: z.string().max(200) })).output(canonicalRow),
  /** The row as a base model would see it, token by token where its tokenizer is on this disk; null of `base` is the usual one. */
  showRow: procedure
    .input(versionReference.extend({ id: z.string().max(200), base: z.string().max(4096).nullable().default(null) }))
    .output(shownRow),
  rejects: procedure
    .input(
      versionReference.extend({
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(500).default(100),
        /** Only those of one reason. */
        code: z.string().max(60).nullable().default(null),
      }),
    )
    .output(
      z.object({
        /** Of that reason, where one was asked for. */
        total: z.number().int(),
        rejects: z.array(rejectEntry),
        /** All reasons with their counts, the most frequent first. */
        reasons: z.array(z.object({ code: z.string(), count: z.number().int().positive() })).default([]),
      }),
    ),
  /** What steps would do to a version, without making one: counts and examples, step by step. */
  tryView: procedure.input(versionReference.extend({ steps: z.array(viewStep).max(50) })).output(foundryJob),
  /** The last outcome of `tryView` for these steps, or null. */
  viewOutcome: procedure
    .input(versionReference.extend({ steps: z.array(viewStep).max(50) }))
    .output(z.array(stepOutcome).nullable()),
  /** Makes an immutable version of what the steps keep. */
  freeze: procedure
    .input(
      versionReference.extend({
        steps: z.array(viewStep).max(50),
        as: datasetName.nullable().default(null),
        /** How its rows are divided (D-11); null leaves them undivided. */
        split: splitChoice.nullable().default(null),
        requestId,
      }),
    )
    .output(foundryJob),
  /** Starts a check over a version; the result of its job is a `checkReport`. */
  check: procedure.input(z.object({ request: checkRequest, requestId })).output(foundryJob),
  /** Starts a study (D-7); the result of its job is `studyDone`. */
  study: procedure.input(z.object({ request: studyRequest, requestId })).output(foundryJob),
  /** The last finished study of a version, or null. */
  studyReport: procedure.input(versionReference).output(studyReport.nullable()),
  /** Models that learned from a version, the newest first. */
  uses: procedure.input(versionReference).output(z.array(versionUse)),
  /** Refused while a model is being made of it. Removes a version's folder; its files in the store go when no other version names them. Undone by `restore` for ten minutes. */
  remove: procedure.input(versionReference.extend({ requestId })).output(z.object({ freedBytes: z.number() })),
  restore: procedure.input(versionReference.extend({ requestId })).output(datasetVersion),
};
