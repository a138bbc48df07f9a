import type { CommandSpec, OptionSpec } from '../command-spec.ts';

export const profileOption: OptionSpec = {
  name: 'profile',
  placeholder: 'profile',
  value: { kind: 'choice', choices: ['cuda', 'mlx', 'cpu', 'dev'] },
  description: 'Environment to use; without it the one that fits this machine',
};

export const envCommand: CommandSpec = {
  name: 'env',
  summary: "Forge's own Python: set up, look at, repair, remove",
  defaultSubcommand: 'status',
  examples: ['forge env', 'forge env setup'],
  subcommands: [
    {
      name: 'setup',
      summary: 'Install Python and its packages in stages; a stage that is done is left out',
      options: [profileOption],
      examples: ['forge env setup', 'forge env setup --profile cpu'],
      load: async () => (await import('../commands/env.ts')).prepareEnvironment('setUp'),
    },
    {
      name: 'status',
      summary: 'Versions, sizes, device, and why this profile',
      options: [profileOption],
      examples: ['forge env status --json'],
      load: async () => (await import('../commands/env.ts')).environmentStatus,
    },
    {
      name: 'repair',
      summary: 'Check every stage again and redo what is broken',
      options: [profileOption],
      examples: ['forge env repair'],
      load: async () => (await import('../commands/env.ts')).prepareEnvironment('repair'),
    },
    {
      name: 'remove',
      summary: 'Delete an environment',
      options: [profileOption, { name: 'yes', short: 'y', description: 'Do not ask' }],
      examples: ['forge env remove --profile cpu --yes'],
      load: async () => (await import('../commands/env.ts')).removeEnvironment,
    },
  ],
};
