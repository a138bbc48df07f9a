import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import path from 'node:path';
import { largestUploadBytes, uploadAddress } from '#contract/dataset-preview.ts';
import { ForgeError } from '#contract/errors.ts';
import { receiveUpload, safeUploadName, sentFolders, uploadTooLarge } from '#native-bridge/files/receive-upload.ts';
import type { Logger } from '#core/ports/logger.ts';
import { expectedFrom } from '../error-data.ts';
import { errorBody } from './refusal.ts';

export interface UploadRouteOptions {
  /** FORGE_HOME/datasets/uploads. */
  readonly folder: string;
  readonly logger: Logger;
  /** Most bytes of one file; default `largestUploadBytes`. */
  readonly maximumBytes?: number;
  /** A sender that is silent for this long is given up. */
  readonly silenceMs?: number;
}

const usualSilenceMs = 60_000;

/**
 * Adds the door for dropped files: `PUT /uploads?name=`, the bytes as the body, straight to the disk. Behind the server's own door, so only the
 * person's page and programs with the token get here. Call it before the server listens.
 */
export function serveUploads(app: FastifyInstance, options: UploadRouteOptions): void {
  const { maximumBytes = largestUploadBytes } = options;
  void app.register((scope, _options, done) => {
    // In a scope of its own: elsewhere bodies stay bounded and parsed.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload));
    scope.put(uploadAddress, { bodyLimit: maximumBytes }, (request, reply) =>
      takeUpload(request, reply, { ...options, maximumBytes }),
    );
    done();
  });
}

type TakeOptions = UploadRouteOptions & { readonly maximumBytes: number };

async function takeUpload(request: FastifyRequest, reply: FastifyReply, options: TakeOptions): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store');
  const { folder, logger, maximumBytes, silenceMs = usualSilenceMs } = options;
  let shownName = 'the file';
  try {
    const name = safeUploadName(nameIn(request));
    shownName = name;
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > maximumBytes) throw uploadTooLarge(name, announced, maximumBytes);
    const chunks = bodyOf(request, silenceMs);
    const place = path.join(folder, ...folderIn(request));
    return await reply.send(await receiveUpload({ folder: place, name, chunks, maximumBytes }));
  } catch (error) {
    const failure = expectedFrom(error) ?? (request.raw.complete ? null : brokenOff(shownName, error));
    if (failure === null) throw error;
    logger.info({ code: failure.code }, 'an upload was refused');
    // What is still on its way is not read: the connection ends with the answer.
    return reply.code(statusOf(failure)).header('connection', 'close').send(errorBody(failure.code, failure.detail));
  }
}

function brokenOff(name: string, cause: unknown): ForgeError {
  return new ForgeError('dataset.upload-broken-off', { name }, { cause });
}

function nameIn(request: FastifyRequest): string {
  const { name } = request.query as { readonly name?: unknown };
  return typeof name === 'string' ? name : '';
}

const batchId = /^[0-9a-f-]{8,60}$/;

/** Below the uploads, where the files of one dropped folder lie together; nowhere else for a file alone. */
function folderIn(request: FastifyRequest): string[] {
  const { folder, batch } = request.query as { readonly folder?: unknown; readonly batch?: unknown };
  if (typeof folder !== 'string') return [];
  if (typeof batch !== 'string' || !batchId.test(batch))
    throw new ForgeError('dataset.upload-name', {
      name: JSON.stringify(folder.slice(0, 80)),
      reason: 'it has no batch',
    });
  return [sentFolders, batch, safeUploadName(folder)];
}

async function* bodyOf(request: FastifyRequest, silenceMs: number): AsyncGenerator<Uint8Array> {
  const silence = new AbortController();
  const giveUp = (): void => silence.abort(new Error('the sender went silent'));
  let timer = setTimeout(giveUp, silenceMs);
  silence.signal.addEventListener('abort', () => request.raw.destroy(silence.signal.reason as Error), { once: true });
  try {
    // Without a body there is nothing to read: an empty file.
    if (request.body === undefined) return;
    for await (const chunk of request.raw) {
      clearTimeout(timer);
      yield chunk as Buffer;
      timer = setTimeout(giveUp, silenceMs);
    }
  } finally {
    clearTimeout(timer);
  }
}

function statusOf({ code }: ForgeError): number {
  if (code === 'dataset.upload-too-large') return 413;
  if (code === 'engine.disk-full') return 507;
  return code === 'engine.home-not-writable' ? 500 : 400;
}
