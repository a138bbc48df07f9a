import { access } from 'node:fs/promises';
import path from 'node:path';
import { exitCode } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { pairs } from '../terminal/table.ts';
import { outStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** `forge init`: the engine lays out its folder at its start; a second time changes nothing. */
export async function runInit(invocation: Invocation): Promise<number> {
  const configuration = path.join(invocation.home, 'config.toml');
  const was = await isThere(configuration);
  await withEngine(invocation, ({ client }) => client.engine.status());
  const result = { home: invocation.home, configuration, created: !was };
  printResult(invocation, result, () => [
    ...pairs(
      [
        ['folder', result.home],
        ['settings', `${configuration} (${was ? 'was there' : 'made, with a comment for every key'})`],
      ],
      outStyle(invocation.terminal),
    ),
    '',
    'Next: `forge quickstart`, or `forge doctor` to look at the machine first.',
  ]);
  return exitCode.done;
}
