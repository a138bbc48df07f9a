import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import { modelFacts, type ModelFacts } from '#contract/recipes.ts';
import type { Inspection } from '#core/ports/base-model-store.ts';
import { GgufFault } from './gguf-cursor.ts';
import { modelConfig, oddConfigValue, oddGgufSize, type ModelConfig } from './model-sizes.ts';
import { readGgufFacts, type GgufFacts } from './read-gguf-facts.ts';

const maximumConfigBytes = 1_000_000;
const maximumHeaderBytes = 100_000_000;

/** Looks at a folder or a GGUF file. @throws ForgeError base-model.not-a-model with the reason in plain words. */
export async function inspectModel(path: string): Promise<Inspection> {
  const entry = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw refuse(path, 'it is not there any more', error);
    if (error.code === 'EACCES') throw refuse(path, 'Forge may not read it', error);
    throw error;
  });
  if (entry.isDirectory()) return inspectFolder(path);
  // Reading from a pipe would wait for a writer.
  if (!entry.isFile()) throw refuse(path, 'it is neither a file nor a folder');
  return inspectGguf(path, entry.size);
}

const refuse = (path: string, reason: string, cause?: unknown): ForgeError =>
  new ForgeError('base-model.not-a-model', { path, reason }, cause === undefined ? undefined : { cause });

async function inspectGguf(path: string, sizeBytes: number): Promise<Inspection> {
  const header = await readGgufFacts(path).catch((error: unknown) => {
    throw error instanceof GgufFault ? refuse(path, error.message, error) : error;
  });
  const text = (key: string): string | null => {
    const value = header.entries.get(key);
    return typeof value === 'string' ? value : null;
  };
  const family = text('general.architecture');
  const odd = family === null ? null : oddGgufSize(header.entries, family);
  if (odd !== null) throw refuse(path, `its header cannot be right: ${odd}`);
  return {
    files: { kind: 'gguf', path },
    family,
    name: text('general.name'),
    sizeBytes,
    facts: family === null ? null : ggufFacts(header, family),
  };
}

/** Shape from the header; null where it does not say all of it. */
function ggufFacts({ entries, listLengths, parameters }: GgufFacts, family: string): ModelFacts | null {
  const number = (key: string): number => {
    const value = entries.get(key);
    return typeof value === 'number' ? value : 0;
  };
  const facts = {
    parameters,
    family,
    layers: number(`${family}.block_count`),
    hiddenSize: number(`${family}.embedding_length`),
    // Not every writer gives the number; the list of words always has it.
    vocabularySize: number(`${family}.vocab_size`) || (listLengths.get('tokenizer.ggml.tokens') ?? 0),
    contextLength: number(`${family}.context_length`),
    hasChatTemplate: typeof entries.get('tokenizer.chat_template') === 'string',
  };
  return modelFacts.safeParse(facts).data ?? null;
}

async function inspectFolder(path: string): Promise<Inspection> {
  const names = await readdir(path);
  if (!names.includes('config.json')) throw refuse(path, 'it is a folder without config.json');
  const weights = names.filter((name) => name.endsWith('.safetensors'));
  if (weights.length === 0) {
    const isPickle = names.some((name) => /\.(bin|pth?|ckpt)$/.test(name));
    throw refuse(
      path,
      isPickle
        ? 'its weights are in a format that can run code (.bin); convert them to .safetensors'
        : 'it has no .safetensors file',
    );
  }
  if (!names.includes('tokenizer.json')) throw refuse(path, 'it has no tokenizer.json');
  const config = await readConfig(path);
  let sizeBytes = 0;
  let parameters = 0;
  for (const name of weights) {
    sizeBytes += (await stat(join(path, name))).size;
    parameters += await countParameters(join(path, name));
  }
  const facts = modelFacts.safeParse({
    parameters,
    family: config.model_type,
    layers: config.num_hidden_layers,
    hiddenSize: config.hidden_size,
    vocabularySize: config.vocab_size,
    contextLength: config.max_position_embeddings,
    hasChatTemplate: await hasChatTemplate(path, names),
  });
  if (!facts.success) throw refuse(path, 'the sizes in its files are not those of a model', facts.error);
  return {
    files: { kind: 'folder', path },
    family: config.model_type,
    name: basename(path),
    sizeBytes,
    facts: facts.data,
  };
}

async function readConfig(path: string): Promise<ModelConfig> {
  const file = join(path, 'config.json');
  if ((await stat(file)).size > maximumConfigBytes) throw refuse(path, 'its config.json is larger than 1 MB');
  let raw: unknown;
  try {
    raw = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw refuse(path, 'its config.json cannot be read or lacks the shape of the model', error);
  }
  const parsed = modelConfig.safeParse(raw);
  if (parsed.success) return parsed.data;
  const odd = oddConfigValue(raw, parsed.error);
  throw refuse(path, `its config.json cannot be read or lacks the shape of the model: ${odd}`, parsed.error);
}

const tensorHeader = z.record(z.string(), z.unknown());
const offset = z.number().int().nonnegative();
const tensorEntry = z.object({ shape: z.array(offset).max(8), data_offsets: z.tuple([offset, offset]) });

/** Sum of the tensors' sizes in the header of a safetensors file (8 bytes of length, then JSON; huggingface/safetensors, README). */
async function countParameters(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Buffer.alloc(8);
    await file.read(length, 0, 8, 0);
    const headerBytes = Number(length.readBigUInt64LE(0));
    if (headerBytes > Math.min(size - 8, maximumHeaderBytes)) throw refuse(path, 'its header is longer than the file');
    const header = Buffer.alloc(headerBytes);
    await file.read(header, 0, headerBytes, 8);
    const tensors = tensorHeader.parse(JSON.parse(header.toString('utf8')));
    const entries = Object.entries(tensors).flatMap(([name, value]) =>
      name === '__metadata__' ? [] : [tensorEntry.parse(value)],
    );
    const endBytes = 8 + headerBytes + entries.reduce((end, entry) => Math.max(end, entry.data_offsets[1]), 0);
    if (endBytes > size)
      throw refuse(path, `it ends before its last tensor does (${size} of ${endBytes} bytes are there)`);
    return entries.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);
  } catch (error) {
    throw error instanceof ForgeError ? error : refuse(path, 'its header cannot be read', error);
  } finally {
    await file.close();
  }
}

async function hasChatTemplate(path: string, names: readonly string[]): Promise<boolean> {
  if (names.includes('chat_template.jinja')) return true;
  if (!names.includes('tokenizer_config.json')) return false;
  const file = join(path, 'tokenizer_config.json');
  if ((await stat(file)).size > 20 * maximumConfigBytes) return false;
  return (await readFile(file, 'utf8')).includes('"chat_template"');
}
