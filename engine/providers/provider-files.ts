import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import { providerFormat, providerView } from '#contract/providers.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';

const modelId = z.string().min(1).max(200);
const provider = z.object({
  id: providerView.shape.id,
  name: z.string().min(1).max(60),
  format: providerFormat,
  address: z.string().max(500),
});

/** `resources/providers.json`: what Forge comes with. */
const builtInFile = z.object({
  v: z.literal(1),
  note: z.string(),
  providers: z.array(
    provider.extend({
      keySource: z.string(),
      models: z.array(
        z.object({
          id: modelId,
          inputUsd: z.number().nonnegative(),
          outputUsd: z.number().nonnegative(),
          asOf: z.iso.date(),
        }),
      ),
    }),
  ),
});
export type BuiltInProvider = z.infer<typeof builtInFile>['providers'][number];

/** `FORGE_HOME/providers.json`: what the person added. Keys are not in it. */
const ownProvider = provider.extend({ models: z.array(modelId).max(100), needsKey: z.boolean() });
const ownFile = z.object({ v: z.literal(1), providers: z.array(ownProvider).max(100) });
export type OwnProvider = z.infer<typeof ownProvider>;

export async function readBuiltInProviders(appDirectory: string): Promise<readonly BuiltInProvider[]> {
  const text = await readFile(path.join(appDirectory, 'resources', 'providers.json'), 'utf8');
  return builtInFile.parse(JSON.parse(text)).providers;
}

/** @throws ForgeError `provider.file-damaged` */
export async function readOwnProviders(file: string): Promise<readonly OwnProvider[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    return ownFile.parse(JSON.parse(text)).providers;
  } catch (cause) {
    throw new ForgeError('provider.file-damaged', { path: file }, { cause });
  }
}

export async function writeOwnProviders(file: string, providers: readonly OwnProvider[]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeJsonAtomic(file, { v: 1, providers });
}
