import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { defaultBaseModel } from '#contract/base-models.ts';
import { ForgeError } from '#contract/errors.ts';
import { modelFacts } from '#contract/recipes.ts';
import type { Artefact, ResultFile } from '#contract/jobs.ts';
import { jsonOrNull } from '#contract/json-text.ts';
import { differsFrom } from '#native-bridge/files/verify-artefacts.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import { digestOf } from '../build-store.ts';
import type { ObtainedBaseModel } from '#core/base-models/create-base-model-store.ts';
import type { StepContext, StepDefinition } from '../step.ts';
import { runWorkerJob } from '../worker-job.ts';

const preparedFile = z.object({
  v: z.literal(1),
  sourceDigest: z.string(),
  facts: modelFacts,
  preTokenizer: z.string().nullable(),
  artefacts: z.array(z.object({ name: z.string(), path: z.string(), bytes: z.number(), sha256: z.string() })),
});
type PreparedFile = z.infer<typeof preparedFile>;

/** Gets the base model and brings it into the one form training needs: a Hugging Face folder in bf16. Kept for all later runs. */
export const baseStep: StepDefinition<'base'> = {
  step: 'base',
  title: 'base model',
  inputs: ({ build }) => ({ base: build.request.base ?? defaultBaseModel }),
  async run(context) {
    const { services, build, signal, report } = context;
    const source = await services.obtainBase(build.request.base ?? defaultBaseModel, { signal, report });
    const folder = path.join(services.layout.baseModel(source.id), 'checkpoint');
    const stampPath = path.join(services.layout.baseModel(source.id), 'prepared.json');
    const kept = await readPrepared(stampPath, source, folder);
    const prepared = kept ?? (await prepare(context, { source, folder, stampPath }));
    // Told here and not after the base was exported and measured: without it nothing can be asked or learned.
    if (!prepared.facts.hasChatTemplate)
      throw new ForgeError('base-model.no-chat-template', { path: source.source.path });
    return {
      output: {
        id: source.id,
        folder,
        digest: source.digest,
        facts: prepared.facts,
        preTokenizer: prepared.preTokenizer,
        origin: source.origin,
      },
      artefacts: [],
      text: `${source.id}, ${(prepared.facts.parameters / 1e6).toFixed(0)} M parameters, ${kept ? 'ready' : source.origin}`,
    };
  },
};

/** The stamp counts only while it is about the same source and its files are whole. */
export async function readPrepared(
  stampPath: string,
  source: Pick<ObtainedBaseModel, 'digest'>,
  folder: string,
): Promise<PreparedFile | null> {
  let text: string;
  try {
    text = await readFile(stampPath, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const parsed = preparedFile.safeParse(jsonOrNull(text));
  if (!parsed.success || parsed.data.sourceDigest !== source.digest) return null;
  for (const artefact of parsed.data.artefacts) {
    if ((await differsFrom(path.resolve(folder, artefact.path), artefact)) !== null) return null;
  }
  return parsed.data;
}

async function prepare(
  context: StepContext,
  { source, folder, stampPath }: { source: ObtainedBaseModel; folder: string; stampPath: string },
): Promise<PreparedFile> {
  await mkdir(path.dirname(folder), { recursive: true });
  const { result } = await runWorkerJob(context, {
    kind: 'prepare-base',
    name: `Prepare ${source.id}`,
    payload: { source: source.source, outDir: folder, id: source.id },
    device: 'cpu',
    key: digestOf({ source: source.digest }).slice(0, 12),
    phaseTexts: { reading: 'reading the base model', writing: 'writing the bf16 checkpoint' },
  });
  const prepared: PreparedFile = {
    v: 1,
    sourceDigest: source.digest,
    facts: modelFacts.parse(result.summary),
    preTokenizer: preTokenizerOf(result),
    artefacts: result.artefacts.map((artefact: Artefact) => artefact),
  };
  await writeJsonAtomic(stampPath, prepared);
  return prepared;
}

function preTokenizerOf(result: ResultFile): string | null {
  const value = result.summary['preTokenizer'];
  return typeof value === 'string' ? value : null;
}
