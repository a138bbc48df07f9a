import { randomUUID } from 'node:crypto';
import type { ServedFamily, ServingView } from '#contract/serving-state.ts';
import { CommandFailure, exitCode, usageFailure } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { familyText } from '../terminal/server-view.ts';
import { withEngine } from '../with-engine.ts';

/** The version a word means; null follows the newest. */
function versionOf(word: string, family: ServedFamily | undefined): number | null {
  if (word === 'newest' || word === 'latest') return null;
  if (word === 'back') {
    if (family?.previous != null) return family.previous;
    throw new CommandFailure({
      code: 'command.no-way-back',
      message: 'There is no version before the one that is given now.',
      remedy: 'Name the version: `forge server status` lists what there is.',
      exitCode: exitCode.usage,
    });
  }
  const digits = /^v?([1-9][0-9]{0,5})$/.exec(word)?.[1];
  if (digits !== undefined) return Number(digits);
  throw usageFailure(`${word} is no version.`, 'Write v2, back or newest.');
}

/** `forge server switch`: holds from the next request on, whether the server runs or not. */
export async function switchVersion(invocation: Invocation): Promise<number> {
  const [name = '', word = ''] = invocation.words;
  const familyIn = ({ families }: ServingView): ServedFamily | undefined =>
    families.find((family) => family.name === name);
  const view = await withEngine(invocation, async ({ client }) => {
    const version = versionOf(word, familyIn(await client.serving.status()));
    return client.serving.choose({ name, version, requestId: randomUUID() });
  });
  const family = familyIn(view);
  printResult(invocation, family ?? null, () => (family === undefined ? [] : [`${familyText(family)}.`]));
  return exitCode.done;
}
