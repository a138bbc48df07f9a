import { quantisationTypes } from '#contract/quantisation-types.ts';
import { flag, textOption, type ArgumentSpec, type CommandSpec } from '../command-spec.ts';

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
  summary: 'Write a model as a file of yours, or check its file against what was trained',
  defaultSubcommand: 'write',
  examples: [
    'forge export support:v1 --to ~/models/',
    'forge export support:v1 --type Q4_K_M',
    'forge export support:v1 --format merged --to ~/models/',
    'forge export check support:v1',
  ],
  subcommands: [
    {
      name: 'write',
      summary: 'Write the measured GGUF file, another type of it, the adapter alone, or a merged folder',
      description:
        'Without --type it is the very file that was measured and served. Another type is made, checked against the trained model, and refused when it behaves differently.',
      arguments: [anyModel],
      options: [
        {
          name: 'format',
          placeholder: 'format',
          value: { kind: 'choice', choices: ['gguf', 'adapter', 'merged'] },
          description: 'gguf (default), adapter (a small GGUF to lay over the base), merged (a Hugging Face folder)',
        },
        {
          name: 'type',
          placeholder: 'type',
          value: { kind: 'choice', choices: quantisationTypes },
          description: 'File type of the GGUF (default: the measured one)',
        },
        {
          name: 'to',
          placeholder: 'path',
          value: { kind: 'file' },
          description: 'Folder or file to write (default: here)',
        },
        flag('overwrite', 'Replace an export that is there'),
        flag('even-if-worse', 'Write a file that failed its check all the same'),
      ],
      examples: [
        'forge export write support:v1',
        'forge export support:v1 --type Q6_K --to support-small.gguf',
        'forge export support:v1 --format adapter',
      ],
      load: async () => (await import('../commands/export.ts')).runExport,
    },
    {
      name: 'check',
      summary: 'Measure the file of a model against what was trained again; exit code 1 when it differs',
      arguments: [anyModel],
      options: [
        {
          name: 'type',
          placeholder: 'type',
          value: { kind: 'choice', choices: quantisationTypes },
          description: 'File type to check (default: the file that is served)',
        },
      ],
      examples: ['forge export check', 'forge export check support:v1 --type Q4_K_M --json'],
      load: async () => (await import('../commands/export-check.ts')).runExportCheck,
    },
  ],
};

export const deployCommand: CommandSpec = {
  name: 'deploy',
  summary: 'Put a model into the local Ollama after a test that both answer the same',
  arguments: [anyModel],
  options: [flag('remove', 'Take it out of Ollama again')],
  examples: ['forge deploy support:v1', 'forge deploy support:v1 --remove'],
  load: async () => (await import('../commands/deploy.ts')).runDeploy,
};
