// Words on the command line that mean nothing, and the promise that every remedy can be followed.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { errorRegistry, type ErrorDefinition } from '#contract/errors.ts';
import { commandTree } from '../../cli/command-tree.ts';
import type { CommandSpec } from '../../cli/command-spec.ts';
import { assertNothingHalfMade, newFolder, newHome, refused } from './forge-command.ts';

const usage = { exitCode: 2, code: 'command.usage' } as const;

const cases: readonly (readonly [what: string, words: readonly string[], says: RegExp, remedy: RegExp])[] = [
  ['an unknown command', ['trian'], /no command forge trian/, /Did you mean forge train\?/],
  ['an unknown command of a group', ['runs', 'lst'], /no command forge runs lst/, /Did you mean forge runs list\?/],
  ['an unknown option', ['train', '--datset', 'x.csv'], /--datset/, /Did you mean --dataset\?/],
  [
    'an option without its value',
    ['train', '--dataset', '--base', 'smollm'],
    /--dataset has no value: --base stands/,
    /Write the value behind --dataset/,
  ],
  ['an empty value', ['train', '--dataset', ''], /--dataset is empty/, /Give it a value/],
  [
    'a word too many',
    ['train', '--dataset', 'a.csv', 'b.csv'],
    /forge train does not know what to do with b\.csv/,
    /--help/,
  ],
  [
    'a number that is none',
    ['train', '--dataset', 'a.csv', '--epochs', 'many'],
    /--epochs is many, .* from 0\.01 to 1000/,
    /Give a number/,
  ],
  [
    'a number out of range',
    ['train', '--dataset', 'a.csv', '--rank', '0'],
    /--rank is 0, .* from 1 to 1024/,
    /whole number/,
  ],
  [
    'a choice that is none',
    ['train', '--dataset', 'a.csv', '--quantisation', 'Q3'],
    /not one of Q4_K_M, .*Q8_0/,
    /Choose one/,
  ],
  [
    'a name with spaces',
    ['train', '--dataset', 'a.csv', '--name', 'Mein Modell für Öl'],
    /--name is Mein Modell für Öl/,
    /--name mein-modell-fur-ol\.$/,
  ],
  [
    'a path as a name',
    ['train', '--dataset', 'a.csv', '--name', '../../etc'],
    /--name is \.\.\/\.\.\/etc/,
    /--name etc\.$/,
  ],
];

for (const [what, words, says, remedy] of cases) {
  test(`${what} is refused before anything starts`, async (t) => {
    const home = path.join(await newFolder(t), 'home');
    await refused(['--home', home, ...words], { ...usage, says, remedy });
    assertNothingHalfMade(home);
  });
}

test('models and runs that are not there are named with the command that lists them', async (t) => {
  const home = await newHome(t);
  const missing = { exitCode: 2, code: 'engine.not-found' } as const;
  const models = { ...missing, says: /no model called nowhere/, remedy: /`forge models list`/ };
  await refused(['inference', 'nowhere', 'hello', '--home', home], models);
  await refused(['runs', 'show', 'nowhere', '--home', home], {
    ...missing,
    says: /no run called nowhere/,
    remedy: /`forge runs list`/,
  });
  const name = { exitCode: 2, code: 'engine.bad-input', says: /a model is name, name:latest or name:v3/, remedy: /./ };
  await refused(['models', 'show', 'No Name', '--home', home], name);
  assertNothingHalfMade(home);
});

/** The commands and options named in a sentence: "`forge models show {model}`" gives ["models", "show", "{model}"]. */
function commandsIn({ message, remedy }: ErrorDefinition): string[][] {
  return [...`${message} ${remedy}`.matchAll(/`forge ([^`]+)`/g)].map((match) => (match[1] ?? '').split(' '));
}

function exists(words: readonly string[], tree: readonly CommandSpec[]): boolean {
  const [word = '', ...rest] = words;
  // `{command}` is filled with the name of a group that has the rest.
  if (word === '{command}') return tree.some((group) => exists(rest, group.subcommands ?? []));
  const found = tree.find(({ name }) => name === word);
  if (found === undefined) return false;
  if (found.subcommands !== undefined && rest[0] !== undefined) {
    const usual = found.subcommands.find(({ name }) => name === found.defaultSubcommand);
    const isForUsual = usual?.arguments !== undefined && !found.subcommands.some(({ name }) => name === rest[0]);
    return isForUsual ? exists([usual.name, ...rest], found.subcommands) : exists(rest, found.subcommands);
  }
  return rest
    .filter((part) => part.startsWith('--'))
    .every((part) => found.options?.some(({ name }) => `--${name}` === part));
}

test('every command that an error tells a person to run exists', () => {
  const wrong = Object.entries(errorRegistry).flatMap(([code, definition]) =>
    commandsIn(definition)
      .filter((words) => !exists(words, commandTree))
      .map((words) => `${code}: forge ${words.join(' ')}`),
  );
  assert.deepEqual(wrong, []);
});
