import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

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
