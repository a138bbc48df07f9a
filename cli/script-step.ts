import path from 'node:path';
import type { ViewStep } from '#contract/dataset-versions.ts';
import { usageFailure } from './failure.ts';
import type { Invocation } from './invocation.ts';
import { readScriptFile } from './script-file.ts';
import { scriptReviewLines } from './terminal/script-view.ts';
import { outStyle } from './terminal/view-style.ts';
import { withEngine } from './with-engine.ts';

/**
 * `--step script=clean.py` (a file, which is kept, after its difference was shown) or `--step script=clean` (the one that was kept last under this name): the
 * step that names the script by its digest. Null for a word that is about no script.
 */
export async function scriptStepOf(invocation: Invocation, word: string): Promise<ViewStep | null> {
  const given = /^\s*script=([\s\S]*)$/.exec(word)?.[1]?.trim();
  if (given === undefined) return null;
  const isFile = path.extname(given) === '.py' || given.includes('/') || given.includes(path.sep);
  const { script, digest } = await (isFile ? keep(invocation, given) : newest(invocation, given));
  return { kind: 'script', script, digest };
}

type Named = Pick<Extract<ViewStep, { kind: 'script' }>, 'script' | 'digest'>;

async function keep(invocation: Invocation, given: string): Promise<Named> {
  const own = await readScriptFile(given, invocation.workingDirectory);
  const { review, kept } = await withEngine(invocation, async ({ client }) => ({
    review: await client.scripts.review(own),
    kept: await client.scripts.keep(own),
  }));
  if (!invocation.json)
    invocation.terminal.err(`${scriptReviewLines(review, outStyle(invocation.terminal)).join('\n')}\n\n`);
  return kept;
}

async function newest(invocation: Invocation, name: string): Promise<Named> {
  const kept = await withEngine(invocation, ({ client }) => client.scripts.list());
  const found = kept.find(({ script }) => script === name);
  if (found !== undefined) return found;
  const names = kept.map(({ script }) => script).join(', ');
  throw usageFailure(
    `--step script=${name} names no script that is kept.`,
    names === ''
      ? 'Name its file: --step script=clean.py'
      : `Name its file: --step script=clean.py, or one of: ${names}.`,
  );
}
