import { randomUUID } from 'node:crypto';
import { knownSecrets } from '#contract/known-secrets.ts';
import type { SecretView } from '#contract/secrets.ts';
import { exitCode } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { readSecret } from '../read-secret.ts';
import { table } from '../terminal/table.ts';
import { outStyle, type ViewStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

function secretTable(secrets: readonly SecretView[], style: ViewStyle): string[] {
  const columns = [{ title: 'secret' }, { title: 'value' }, { title: 'kept in', flexible: true }];
  const rows = secrets.map(({ name, hasValue, keptIn }) => [name, hasValue ? 'set' : 'none', keptIn ?? '']);
  const uses = secrets.map(({ name, purpose }) => `${name} ${purpose}.`);
  return [...table(columns, rows, style), '', ...uses];
}

/** `forge secrets list`. */
export async function listSecrets(invocation: Invocation): Promise<number> {
  const secrets = await withEngine(invocation, ({ client }) => client.secrets.list());
  printResult(invocation, secrets, () => secretTable(secrets, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** `forge secrets set`: the value goes from standard input to the engine and nowhere else. */
export async function setSecret(invocation: Invocation): Promise<number> {
  const name = invocation.words[0] ?? '';
  const ask = (text: string): void => invocation.terminal.err(text);
  if (process.stdin.isTTY) ask(`${sourceOf(name)}\n`);
  const value = await readSecret(name, { input: process.stdin, ask });
  if (value === null) {
    ask('Nothing was stored.\n');
    return exitCode.interrupted;
  }
  const view = await withEngine(invocation, ({ client }) =>
    client.secrets.set({ name, value, requestId: randomUUID() }),
  );
  printResult(invocation, view, () => [
    view.origin === 'environment'
      ? `${name} is stored, but the ${view.keptIn ?? 'environment'} is set as well and wins.`
      : `${name} is stored: ${view.keptIn ?? ''}.`,
  ]);
  return exitCode.done;
}

function sourceOf(name: string): string {
  const secret = knownSecrets.find((known) => known.name === name);
  return secret === undefined ? name : `${name} ${secret.purpose}.\nGet one at ${secret.source}.`;
}

/** `forge secrets remove`: asks nothing, because the publisher of a key shows or replaces it. */
export async function removeSecret(invocation: Invocation): Promise<number> {
  const name = invocation.words[0] ?? '';
  const result = await withEngine(invocation, ({ client }) => client.secrets.remove({ name, requestId: randomUUID() }));
  printResult(invocation, result, () => [
    result.removed ? `${name} is forgotten.` : `${name} had no stored value.`,
    ...(result.hasValue ? [`It still has one: the ${result.keptIn ?? 'environment'}.`] : []),
  ]);
  return exitCode.done;
}
