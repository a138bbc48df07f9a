import { knownSecrets } from '#contract/known-secrets.ts';
import type { ArgumentSpec, CommandSpec } from '../command-spec.ts';

const names = knownSecrets.map(({ name }) => name);

const secretArgument: ArgumentSpec = {
  name: 'name',
  value: { kind: 'choice', choices: names, hidden: true, alsoAllowed: /^provider_[a-z0-9_-]{1,40}$/ },
  required: true,
  description: `${names.join(', ')}, or provider_<id> of a provider you added`,
};

const refusesWords = {
  message:
    'The value of a secret is not taken from the command line, where others and the history of the shell see it.',
  remedy:
    'Run the command with the name only and enter the value when asked, or pipe it in. A key that stood here is best replaced.',
};

export const secretsCommand: CommandSpec = {
  name: 'secrets',
  summary: 'Keys and tokens Forge may use: list, set, remove',
  description: knownSecrets.map(({ name, purpose }) => `${name}: ${purpose}.`).join(' '),
  defaultSubcommand: 'list',
  examples: ['forge secrets', 'forge secrets set hf_token', 'forge secrets remove hf_token'],
  subcommands: [
    {
      name: 'list',
      summary: 'What each is for, whether it has a value and where that is kept; never the value',
      examples: ['forge secrets list', 'forge secrets list --json'],
      load: async () => (await import('../commands/secrets.ts')).listSecrets,
    },
    {
      name: 'set',
      summary: 'Enter a value, unseen, or pipe it in',
      description:
        'The value is read from standard input: asked for without showing it on a terminal, else one line of text.',
      arguments: [secretArgument],
      refusesWords,
      examples: ['forge secrets set hf_token', 'forge secrets set hf_token < token.txt'],
      load: async () => (await import('../commands/secrets.ts')).setSecret,
    },
    {
      name: 'remove',
      summary: 'Forget the stored value',
      arguments: [secretArgument],
      refusesWords,
      examples: ['forge secrets remove hf_token'],
      load: async () => (await import('../commands/secrets.ts')).removeSecret,
    },
  ],
};
