import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import type { OllamaProgress } from '#core/ports/ollama.ts';

interface Transfer {
  readonly address: string;
  readonly path: string;
  readonly onProgress: (progress: OllamaProgress) => void;
  readonly signal: AbortSignal;
}

/** A refusal of Ollama with its own words. */
export class OllamaRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'OllamaRefusal';
    this.status = status;
  }
}

/**
 * Gives a file to Ollama's store. A file that is there already, from an earlier or an interrupted deployment that got this far, is not
 * sent again. Ollama takes a blob whole only: one that was cut off half-way is sent from its beginning.
 * @returns the digest as Ollama writes it, `sha256:` and 64 hexadecimal digits.
 */
export async function uploadBlob(transfer: Transfer): Promise<string> {
  const { size } = await stat(transfer.path);
  const hash = createHash('sha256');
  for await (const piece of counted(transfer, 'hashing', size)) hash.update(piece as Buffer);
  const digest = `sha256:${hash.digest('hex')}`;
  const url = `${transfer.address}/api/blobs/${digest}`;
  const there = await fetch(url, { method: 'HEAD', signal: transfer.signal });
  if (there.ok) return digest;
  const response = await fetch(url, {
    method: 'POST',
    body: Readable.toWeb(counted(transfer, 'uploading', size)) as ReadableStream<Uint8Array>,
    headers: { 'content-length': String(size) },
    duplex: 'half',
    signal: transfer.signal,
  });
  const text = await response.text();
  if (!response.ok) throw new OllamaRefusal(response.status, refusalText(text));
  return digest;
}

/** The file as a stream that reports how much of it went by, at most once for each whole percent. */
function counted({ path, onProgress, signal }: Transfer, phase: 'hashing' | 'uploading', size: number): Readable {
  let seen = 0;
  let told = -1;
  const counter = new Transform({
    transform(piece: Buffer, _encoding, next) {
      seen += piece.length;
      const percent = Math.floor((100 * seen) / Math.max(1, size));
      if (percent > told) onProgress({ phase, fraction: percent / 100 });
      told = Math.max(told, percent);
      next(null, piece);
    },
  });
  const file = createReadStream(path, { highWaterMark: 1 << 20, signal });
  file.on('error', (failure) => counter.destroy(failure));
  counter.on('close', () => file.destroy());
  return file.pipe(counter);
}

function refusalText(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error.slice(0, 300) : text.slice(0, 300);
  } catch {
    return text.slice(0, 300); // not JSON: a proxy or another program answered; its words are all there is
  }
}
