import { textOption, type ArgumentSpec, type CommandSpec } from '../command-spec.ts';

const baseArgument: ArgumentSpec = {
  name: 'base',
  value: { kind: 'text' },
  required: true,
  description: 'Id or other name of a base model, a folder, or a GGUF file',
};

export const baseCommand: CommandSpec = {
  name: 'base',
  summary: 'Base models to train on: list, show, add, remove',
  defaultSubcommand: 'list',
  examples: ['forge base', 'forge base show smollm', 'forge base add ~/models/my-model'],
  subcommands: [
    {
      name: 'list',
      summary: 'The catalogue and your own, with size, licence and what training needs',
      examples: ['forge base list', 'forge base list --json'],
      load: async () => (await import('../commands/base.ts')).listBaseModels,
    },
    {
      name: 'show',
      summary: 'One base model',
      arguments: [baseArgument],
      examples: ['forge base show smollm'],
      load: async () => (await import('../commands/base.ts')).showBaseModel,
    },
    {
      name: 'add',
      summary: 'Fetch one of the catalogue or the hub, or take up a folder or GGUF file of this disk',
      arguments: [
        {
          ...baseArgument,
          value: { kind: 'file' },
          description: 'Id of the catalogue or the hub, or ./folder (Hugging Face layout), or a GGUF file',
        },
      ],
      options: [textOption('name', 'name', 'Name for a folder or file; default: from its header')],
      examples: ['forge base add tinyllama', 'forge base add ~/models/my-model --name mine'],
      load: async () => (await import('../commands/base.ts')).addBaseModel,
    },
    {
      name: 'remove',
      summary: 'Delete what Forge fetched for it, or take your own off the list',
      arguments: [baseArgument],
      options: [{ name: 'yes', short: 'y', description: 'Do not ask' }],
      examples: ['forge base remove tinyllama --yes'],
      load: async () => (await import('../commands/base.ts')).removeBaseModel,
    },
  ],
};
