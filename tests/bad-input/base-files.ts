import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ggufText = 8;
const ggufNumber = 4;

function lengthThen(text: string): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return Buffer.concat([length, Buffer.from(text)]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function ggufEntry([key, value]: readonly [string, string | number]): Buffer {
  const encoded = typeof value === 'string' ? [word(ggufText), lengthThen(value)] : [word(ggufNumber), word(value)];
  return Buffer.concat([lengthThen(key), ...encoded]);
}

export interface GgufHead {
  readonly magic?: string;
  readonly version?: number;
  readonly tensors?: bigint;
  readonly entryCount?: bigint;
  readonly entries?: readonly (readonly [string, string | number])[];
}

const smallLlama: readonly (readonly [string, string | number])[] = [
  ['general.architecture', 'llama'],
  ['llama.block_count', 2],
  ['llama.embedding_length', 64],
  ['llama.feed_forward_length', 128],
  ['llama.context_length', 128],
  ['llama.vocab_size', 100],
];

/** The head of a GGUF file (ggml's docs/gguf.md); nothing behind it. */
export function ggufHead({
  magic = 'GGUF',
  version = 3,
  tensors = 1n,
  entries = smallLlama,
  entryCount,
}: GgufHead = {}): Buffer {
  const counts = Buffer.alloc(16);
  counts.writeBigUInt64LE(tensors, 0);
  counts.writeBigUInt64LE(entryCount ?? BigInt(entries.length), 8);
  return Buffer.concat([Buffer.from(magic, 'latin1'), word(version), counts, ...entries.map(ggufEntry)]);
}

export interface FolderBase {
  readonly family?: string;
  /** In place of a correct config.json. */
  readonly config?: string;
  readonly weights?: Buffer;
  readonly template?: boolean;
}

/** One small tensor; `lengthBytes` is what the file says its header has. */
export function safetensors({
  shape = [10, 25],
  dataBytes = 1000,
  lengthBytes,
}: { shape?: number[]; dataBytes?: number; lengthBytes?: bigint } = {}): Buffer {
  const header = Buffer.from(JSON.stringify({ weight: { dtype: 'F32', shape, data_offsets: [0, 1000] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(lengthBytes ?? BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(dataBytes)]);
}

/** A Hugging Face folder with a config, a tokenizer and weights, each of which can be wrong. */
export function writeFolderBase(
  folder: string,
  { family = 'llama', config, weights = safetensors(), template = true }: FolderBase = {},
): string {
  mkdirSync(folder, { recursive: true });
  const shape = { num_hidden_layers: 2, hidden_size: 64, vocab_size: 100, max_position_embeddings: 128 };
  const write = (name: string, content: string | Buffer): void => writeFileSync(path.join(folder, name), content);
  write('config.json', config ?? JSON.stringify({ model_type: family, ...shape }));
  write('tokenizer.json', '{}');
  write('tokenizer_config.json', JSON.stringify(template ? { chat_template: '{{ messages }}' } : {}));
  write('model.safetensors', weights);
  return folder;
}
