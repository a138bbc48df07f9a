import { flag, type CommandSpec } from '../command-spec.ts';

export const settingsCommand: CommandSpec = {
  name: 'settings',
  summary: 'The settings in config.toml: list, set',
  defaultSubcommand: 'list',
  examples: ['forge settings', 'forge settings set network.offline on'],
  subcommands: [
    {
      name: 'list',
      summary: 'Every setting with its value, where that comes from, and what it is for',
      examples: ['forge settings list', 'forge settings list --json'],
      load: async () => (await import('../commands/settings.ts')).listSettings,
    },
    {
      name: 'set',
      summary: 'Write one into config.toml; comments and your own lines stay',
      arguments: [
        { name: 'key', value: { kind: 'text' }, required: true, description: 'Such as server.port' },
        {
          name: 'value',
          value: { kind: 'text' },
          required: false,
          description: 'Its new value; on and off for switches',
        },
      ],
      options: [flag('default', 'Take it out of the file, so that the default holds again')],
      examples: ['forge settings set server.port 19000', 'forge settings set server.port --default'],
      load: async () => (await import('../commands/settings.ts')).setSetting,
    },
  ],
};

export const storageCommand: CommandSpec = {
  name: 'storage',
  summary: 'What Forge takes on the disk, and what of it can go',
  defaultSubcommand: 'usage',
  examples: ['forge storage', 'forge storage clean checkpoints'],
  subcommands: [
    {
      name: 'usage',
      summary: 'Sizes part by part',
      examples: ['forge storage usage', 'forge storage usage --json'],
      load: async () => (await import('../commands/storage.ts')).showStorage,
    },
    {
      name: 'clean',
      summary: 'Delete what can be made or fetched again; what is in use stays',
      arguments: [
        {
          name: 'part',
          value: {
            kind: 'choice',
            choices: ['base-models', 'environments', 'checkpoints', 'uploads', 'caches', 'logs'],
          },
          required: true,
          description: 'base-models, environments, checkpoints, uploads, caches or logs',
        },
      ],
      options: [{ name: 'yes', short: 'y', description: 'Do not ask' }],
      examples: ['forge storage clean checkpoints', 'forge storage clean caches --yes'],
      load: async () => (await import('../commands/storage.ts')).cleanStorage,
    },
  ],
};

export const networkCommand: CommandSpec = {
  name: 'network',
  summary: 'Every request that left this machine',
  defaultSubcommand: 'ledger',
  examples: ['forge network', 'forge network ledger --limit 100'],
  subcommands: [
    {
      name: 'ledger',
      summary: 'What went where, what for, and how much came back; the newest first',
      options: [
        {
          name: 'limit',
          placeholder: 'n',
          value: { kind: 'integer', minimum: 1, maximum: 500 },
          description: 'At most this many (default 20)',
        },
      ],
      examples: ['forge network ledger', 'forge network ledger --json'],
      load: async () => (await import('../commands/network.ts')).showLedger,
    },
  ],
};
