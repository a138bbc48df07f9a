import { checkCommands } from './data-check-commands.ts';
import { dataExportCommands } from './data-export-commands.ts';
import { scriptCommands } from './data-script-commands.ts';
import { versionCommands } from './data-version-commands.ts';
import { textOption, type ArgumentSpec, type CommandSpec, type OptionSpec } from '../command-spec.ts';

/** Which column fills which place; of `train` as well. */
export const mapOption: OptionSpec = {
  name: 'map',
  placeholder: 'place=column',
  value: { kind: 'text' },
  repeatable: true,
  description: 'Columns by hand: prompt=Question,answer=Reply (also context, system, group, id)',
};
const systemPromptOption = textOption('system-prompt', 'text', 'Instruction for rows that bring none');
const fileArgument: ArgumentSpec = {
  name: 'file',
  value: { kind: 'file' },
  required: false,
  description: 'Your examples (CSV, JSONL, JSON); without it the shipped sample',
};

export const dataCommand: CommandSpec = {
  name: 'data',
  summary: 'Examples to learn from: import into versions, list, inspect, show a row as the model sees it, get, remove',
  defaultSubcommand: 'list',
  examples: ['forge data', 'forge data import tickets.csv --as tickets', 'forge data show tickets.csv --row 3'],
  subcommands: [
    ...versionCommands,
    ...scriptCommands,
    ...checkCommands,
    ...dataExportCommands,
    {
      name: 'list',
      summary: 'The sample, kept answers, and files handed over or fetched before',
      examples: ['forge data list', 'forge data list --json'],
      load: async () => (await import('../commands/data.ts')).listData,
    },
    {
      name: 'inspect',
      summary: 'What training would make of a file: format, columns, rejected records, split',
      arguments: [fileArgument],
      options: [
        mapOption,
        systemPromptOption,
        {
          name: 'held-out',
          placeholder: 'rows',
          value: { kind: 'integer', minimum: 1, maximum: 100_000 },
          description: 'Rows kept aside to measure with',
        },
        {
          name: 'seed',
          placeholder: 'n',
          value: { kind: 'integer', minimum: 0, maximum: 2_147_483_647 },
          description: 'Seed of the split',
        },
      ],
      examples: ['forge data inspect tickets.csv', 'forge data inspect tickets.csv --map prompt=Frage,answer=Antwort'],
      load: async () => (await import('../commands/data.ts')).inspectData,
    },
    {
      name: 'show',
      summary: 'One row as the base model sees it, with what it learns to say marked; or a dataset version (NAME:vN)',
      arguments: [fileArgument],
      options: [
        {
          name: 'row',
          placeholder: 'n',
          value: { kind: 'integer', minimum: 1, maximum: 1_000_000 },
          description: 'Which row, from 1 (default 1)',
        },
        {
          name: 'base',
          aliases: ['model'],
          placeholder: 'model',
          value: { kind: 'text' },
          description: 'Base model whose template and tokens are shown (default: the embedded one)',
        },
        mapOption,
        systemPromptOption,
      ],
      examples: ['forge data show tickets.csv --row 3', 'forge data show tickets.csv --base qwen --json'],
      load: async () => (await import('../commands/data.ts')).showData,
    },
    {
      name: 'get',
      summary: 'Fetch a dataset of the hub, or put the files of a folder together',
      arguments: [
        {
          name: 'source',
          value: { kind: 'file' },
          required: true,
          description: 'hf:owner/name (a request that leaves this machine), or a folder',
        },
      ],
      examples: ['forge data get hf:owner/name', 'forge data get ~/examples'],
      load: async () => (await import('../commands/data.ts')).getData,
    },
    {
      name: 'remove',
      summary:
        'Delete a dataset (NAME), one version of it (NAME:vN), or a file that was handed over, fetched or put together',
      arguments: [
        { ...fileArgument, required: true, description: 'NAME, NAME:vN, or the file as `forge data list` names it' },
      ],
      options: [{ name: 'yes', short: 'y', description: 'Do not ask' }],
      examples: ['forge data remove tickets:v1', 'forge data remove tickets --yes'],
      load: async () => (await import('../commands/data.ts')).removeData,
    },
  ],
};
