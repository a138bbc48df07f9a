import { z } from 'zod';
import { importRequest } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import { reservedNames } from '#native-bridge/datasets/store/store-places.ts';
import type { FoundryWork } from '../work-context.ts';
import { finishImport } from './finish-import.ts';
import { openOutput } from './import-output.ts';
import { createImportPace } from './import-pace.ts';
import { planOf } from './import-plan.ts';
import { readState } from './import-state.ts';
import { readFiles, type Reading } from './read-files.ts';

const places = z.record(z.string(), z.string()).optional();
const importOrder = importRequest.extend({ fetched: places, made: places });

/**
 * Import: files to a dataset version (D-2 to D-6). No row stays in memory; every 10,000 records what was read is made safe, and a restart goes on from there
 * with the same bytes at the end.
 */
export const importWork: FoundryWork = async (given, context) => {
  const { fetched, made, ...request } = importOrder.parse(given);
  if (reservedNames.has(request.name)) throw new ForgeError('foundry.name-reserved', { name: request.name });
  const plan = await planOf({ ...request, fetched, made }, context.folder);
  const state = await readState(context.folder);
  const reading: Reading = {
    ...{ request, plan, state, context },
    output: openOutput(context.folder, state),
    pace: createImportPace(state),
  };
  try {
    await readFiles(reading);
  } finally {
    reading.output.close();
  }
  return finishImport(reading);
};
