import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { ModelFacts } from '#contract/recipes.ts';
import { hashFile } from '#native-bridge/files/verify-artefacts.ts';
import type { BaseSource, SetUpReport } from '../main-job/services.ts';

export interface BaseService {
  obtain(base: string, options: { signal: AbortSignal; report: SetUpReport }): Promise<BaseSource>;
  facts(base: string | undefined): Promise<{ id: string; facts: ModelFacts }>;
}

export function createBaseService(_options: unknown): BaseService {
  return {
    async obtain(base) {
      const file = path.resolve(base);
      const facts = await stat(file);
      const kind = facts.isDirectory() ? 'folder' : 'gguf';
      return { id: path.basename(file, '.gguf'), source: { kind, path: file }, digest: await hashFile(file), origin: 'a file on this disk' };
    },
    facts: async () => {
      throw new ForgeError('engine.bad-input', { reason: 'not yet' });
    },
  };
}
