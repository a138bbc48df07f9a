import { flag, textOption, type ArgumentSpec, type CommandSpec, type OptionSpec } from '../command-spec.ts';

const anyModel: ArgumentSpec = {
  name: 'model',
  value: { kind: 'model' },
  required: false,
  description: 'A model: name, name:latest or name:v3; without it the newest finished one',
};

export const inferenceCommand: CommandSpec = {
  name: 'inference',
  summary: 'Ask a model you made: one question, or a conversation',
  arguments: [
    anyModel,
    {
      name: 'prompt',
      value: { kind: 'text' },
      required: false,
      variadic: true,
      description: 'The question; without it standard input, or a conversation on a terminal',
    },
  ],
  options: [
    textOption('system', 'text', 'System message put before the conversation'),
    {
      name: 'temperature',
      placeholder: 'x',
      value: { kind: 'number', minimum: 0, maximum: 2 },
      description: '0 (default) always gives the same answer, higher ones vary',
    },
    {
      name: 'max-tokens',
      placeholder: 'n',
      value: { kind: 'integer', minimum: 1, maximum: 131_072 },
      description: 'Longest answer (default 512)',
    },
  ],
  examples: [
    'forge inference support:v1 "The invoice shows the amount twice."',
    'forge inference support',
    'echo "Where is my order?" | forge inference support --json',
  ],
  load: async () => (await import('../commands/inference.ts')).runInference,
};

export const serveCommand: CommandSpec = {
  name: 'serve',
  summary: 'Run the OpenAI-compatible server until Ctrl-C',
  arguments: [anyModel],
  options: [
    {
      name: 'port',
      placeholder: 'port',
      value: { kind: 'integer', minimum: 1, maximum: 65_535 },
      description: 'Port (default 18793)',
    },
    textOption('host', 'address', 'Address to listen on (default 127.0.0.1, this machine only)'),
  ],
  examples: ['forge serve', 'forge serve support:v1 --port 8080'],
  load: async () => (await import('../commands/serve.ts')).runServe,
};

export const exportCommand: CommandSpec = {
  name: 'export',
  summary: 'Copy the GGUF file of a model, its digest proved, to where you want it',
  arguments: [anyModel],
  options: [
    {
      name: 'to',
      placeholder: 'path',
      value: { kind: 'file' },
      description: 'Folder or file to write (default: here)',
    },
    flag('overwrite', 'Replace a file that is there'),
  ],
  examples: ['forge export support:v1 --to ~/models/'],
  load: async () => (await import('../commands/export.ts')).runExport,
};

export const deployCommand: CommandSpec = {
  name: 'deploy',
  summary: 'Put a model into the local Ollama after a test that both answer the same',
  arguments: [anyModel],
  options: [flag('remove', 'Take it out of Ollama again')],
  examples: ['forge deploy support:v1', 'forge deploy support:v1 --remove'],
  load: async () => (await import('../commands/deploy.ts')).runDeploy,
};

const profileOption: OptionSpec = {
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
