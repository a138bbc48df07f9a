import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { CommandFailure, exitCode, usageFailure } from '../failure.ts';
import { isOn, textValue, type Invocation } from '../invocation.ts';
import { findModel, modelTag } from '../model-reference.ts';
import { printResult } from '../output.ts';
import { bytes } from '../terminal/units.ts';
import { withEngine } from '../with-engine.ts';

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function kindOf(target: string): Promise<'folder' | 'file' | 'nothing'> {
  try {
    return (await stat(target)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'nothing';
    throw error;
  }
}

/** The file to write: `--to` is a folder (there, or written with a slash at its end) or the name of the file itself. */
async function targetOf(invocation: Invocation, fileName: string): Promise<string> {
  const given = textValue(invocation, 'to') ?? '.';
  const resolved = path.resolve(invocation.workingDirectory, given);
  const kind = await kindOf(resolved);
  const target = kind === 'folder' || /[/\\]$/.test(given) ? path.join(resolved, fileName) : resolved;
  if ((await kindOf(target)) !== 'nothing' && !isOn(invocation, 'overwrite')) {
    throw usageFailure(`${target} is already there.`, 'Choose another place with --to, or add --overwrite.');
  }
  return target;
}

/** Copies beside the target, proves the digest of what was written, then renames. */
async function copyProved(source: string, target: string, sha256: string | null): Promise<string> {
  const temporary = `${target}.part-${process.pid}`;
  await mkdir(path.dirname(target), { recursive: true });
  try {
    await copyFile(source, temporary);
    const file = await open(temporary, 'r+');
    await file.sync().finally(() => file.close());
    const digest = await sha256OfFile(temporary);
    if (sha256 !== null && digest !== sha256) {
      throw new CommandFailure({
        code: 'command.digest-differs',
        message: `${source} is not the file that was measured: its digest is ${digest.slice(0, 12)}, recorded was ${sha256.slice(0, 12)}.`,
        remedy: 'Something changed the file after it was made. Make the version again with `forge train`.',
        exitCode: exitCode.failed,
      });
    }
    await rename(temporary, target);
    return digest;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** `forge export`: the measured GGUF file, copied where the person wants it, its digest proved after the copy. */
export async function runExport(invocation: Invocation): Promise<number> {
  const model = await withEngine(invocation, ({ client }) => findModel(client, invocation.words[0] ?? ''));
  const tag = modelTag(model);
  if (model.ggufPath === null) {
    throw new CommandFailure({
      code: 'command.nothing-to-export',
      message: `${tag} has no exported file (${model.state}).`,
      remedy: 'Run its `forge train` again without --no-export: training is not repeated.',
      exitCode: exitCode.usage,
    });
  }
  const target = await targetOf(invocation, `${model.name}-v${model.version}-${model.quantisation ?? 'model'}.gguf`);
  const sha256 = await copyProved(model.ggufPath, target, model.ggufSha256);
  const { size } = await stat(target);
  printResult(
    invocation,
    { model: tag, path: target, sizeBytes: size, sha256, quantisation: model.quantisation },
    () => [
      `${tag} is in ${target} (${bytes(size)}${model.quantisation === null ? '' : `, ${model.quantisation}`}).`,
      `sha256 ${sha256}`,
    ],
  );
  return exitCode.done;
}
