import { flag, textOption, type CommandSpec } from '../command-spec.ts';

/** `transform(row)` scripts. */
export const scriptCommands: readonly CommandSpec[] = [
  {
    name: 'script',
    summary: 'Change every row with a Python script, in a sandbox: shown, tried on 200 rows, then over all',
    arguments: [
      {
        name: 'dataset',
        value: { kind: 'text' },
        required: true,
        description: 'NAME or NAME:vN; without a number the newest',
      },
    ],
    options: [
      {
        name: 'file',
        placeholder: 'script.py',
        value: { kind: 'file' },
        description: 'Python with transform(row) that gives a row, a list of rows, or None',
      },
      flag('try', 'Only the first 200 rows, with before and after; makes nothing'),
      textOption('as', 'name', 'Name of the dataset that is made (default: a new version of the same)'),
      {
        name: 'seed',
        placeholder: 'n',
        value: { kind: 'integer', minimum: 0, maximum: 2_147_483_647 },
        description: 'Seed of what is left to chance (default 0)',
      },
      flag('allow-clock', 'The script may ask what time it is'),
      flag('allow-random', 'The script may use the module random, from the seed'),
      { name: 'yes', short: 'y', description: 'Do not ask before the whole run' },
    ],
    examples: [
      'forge data script tickets --file clean.py --try',
      'forge data script tickets:v2 --file clean.py --yes --json',
    ],
    load: async () => (await import('../commands/data-script.ts')).runDataScript,
  },
  {
    name: 'sandboxes',
    summary: 'Which sandboxes hold on this machine, tried now',
    examples: ['forge data sandboxes', 'forge data sandboxes --json'],
    load: async () => (await import('../commands/data-script.ts')).listSandboxes,
  },
];
