import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { MainJobRequest } from '#contract/main-job.ts';
import { hashFile } from '#native-bridge/files/verify-artefacts.ts';

/** The part of a domain pack's manifest that the main job reads. */
const domainManifest = z.looseObject({
  schema: z.literal('forge.domain/1'),
  id: z.string(),
  name: z.string(),
  description: z.string(),
  systemPrompt: z.string(),
  dataset: z.object({ file: z.string(), prompt: z.string(), answer: z.string(), group: z.string() }),
  heldOutRows: z.number().int().positive(),
});

export interface ShippedDataset {
  readonly name: string;
  /** For people: what it is called, and what is in it. */
  readonly title: string;
  readonly about: string;
  readonly file: string;
  readonly systemPrompt: string;
  readonly heldOutRows: number;
}

const shippedDomain = 'support';

/** The sample everyone can start with: customer-support tickets and their verdicts. */
export async function shippedDataset(appDirectory: string): Promise<ShippedDataset> {
  const folder = path.join(appDirectory, 'domains', shippedDomain);
  const manifest = domainManifest.parse(JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')));
  return {
    name: manifest.id,
    title: manifest.name,
    about: manifest.description,
    file: path.join(folder, manifest.dataset.file),
    systemPrompt: manifest.systemPrompt,
    heldOutRows: manifest.heldOutRows,
  };
}

/** The dataset a request means: its file, and the system message for rows that bring none. */
export async function datasetOf(
  request: MainJobRequest,
  appDirectory: string,
): Promise<{ file: string; systemPrompt: string | undefined }> {
  if (request.dataset !== undefined) return { file: request.dataset, systemPrompt: request.systemPrompt };
  const shipped = await shippedDataset(appDirectory);
  return { file: shipped.file, systemPrompt: request.systemPrompt ?? shipped.systemPrompt };
}

/** Files above this are told apart by size and time instead of their bytes; the reader refuses them with a sentence. */
const largestHashedBytes = 4 * 1024 ** 3;

/** Tells one dataset from another by its bytes. */
export async function datasetFingerprint(request: MainJobRequest, appDirectory: string): Promise<string> {
  const { file, systemPrompt } = await datasetOf(request, appDirectory);
  const facts = await stat(file);
  const content =
    facts.isFile() && facts.size <= largestHashedBytes ? await hashFile(file) : `${facts.size}-${facts.mtimeMs}`;
  return `${content}:${systemPrompt ?? ''}`;
}
