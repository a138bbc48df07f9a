import { quantisationTypes } from '#contract/quantisation-types.ts';
import { flag, textOption, type CommandSpec, type OptionSpec } from '../command-spec.ts';
import { mapOption } from './data-commands.ts';

export const baseOption: OptionSpec = {
  name: 'base',
  aliases: ['model'],
  placeholder: 'model',
  value: { kind: 'text' },
  description:
    'Base model: smollm, tinyllama, llama, qwen, phi, gemma, mistral, a catalogue id, a folder or a GGUF file',
};
const nameOption = textOption('name', 'name', 'Name of the model to make (lower-case letters, digits, - _ .)');
const minutesOption: OptionSpec = {
  name: 'minutes',
  placeholder: 'n',
  value: { kind: 'number', minimum: 0.1, maximum: 20_160 },
  description: 'Train for at most this many minutes',
};
const portOption: OptionSpec = {
  name: 'port',
  placeholder: 'port',
  value: { kind: 'integer', minimum: 1, maximum: 65_535 },
  description: 'Port of the OpenAI-compatible server (default 18793)',
};

export const quickstartCommand: CommandSpec = {
  name: 'quickstart',
  summary: 'Make, measure and serve a first model of your own, from the shipped sample or your file',
  description:
    'Runs the whole chain: machine, Python, base model, dataset, training, export, measurement, serving. What an earlier run finished is used again.',
  options: [
    {
      name: 'dataset',
      placeholder: 'file',
      value: { kind: 'file' },
      description: 'Your examples (CSV, JSONL, JSON); without it the shipped sample',
    },
    baseOption,
    nameOption,
    minutesOption,
    flag('once', 'End when the model is made instead of staying to serve it'),
    portOption,
  ],
  examples: [
    'forge quickstart',
    'forge quickstart --dataset tickets.csv --minutes 5',
    'forge quickstart --once --json',
  ],
  load: async () => (await import('../commands/quickstart.ts')).runQuickstart,
};

const recipeOptions: readonly OptionSpec[] = [
  {
    name: 'epochs',
    placeholder: 'n',
    value: { kind: 'number', minimum: 0.01, maximum: 1000 },
    description: 'Passes over the rows, at most',
  },
  minutesOption,
  {
    name: 'batch-size',
    placeholder: 'n',
    value: { kind: 'integer', minimum: 1, maximum: 1024 },
    description: 'Rows learned from in one step',
  },
  {
    name: 'method',
    placeholder: 'method',
    value: { kind: 'choice', choices: ['lora', 'qlora', 'dora', 'full'] },
    description: 'How the weights are changed: lora, qlora, dora (a small part) or full (all)',
  },
  {
    name: 'rank',
    placeholder: 'n',
    value: { kind: 'integer', minimum: 1, maximum: 1024 },
    description: 'Size of the part that learns (lora, qlora, dora)',
  },
  {
    name: 'learning-rate',
    placeholder: 'x',
    value: { kind: 'number', minimum: 1e-9, maximum: 1 },
    description: 'Size of one learning step, such as 8e-4',
  },
  {
    name: 'held-out',
    placeholder: 'rows',
    value: { kind: 'integer', minimum: 1, maximum: 100_000 },
    description: 'Rows kept aside to measure with',
  },
  {
    name: 'quantisation',
    aliases: ['quantization'],
    placeholder: 'type',
    value: { kind: 'choice', choices: quantisationTypes },
    description: 'Type of the exported file',
  },
  textOption('system-prompt', 'text', 'Instruction put before every example, in training and in use'),
  {
    name: 'seed',
    placeholder: 'n',
    value: { kind: 'integer', minimum: 0, maximum: 2_147_483_647 },
    description: 'Seed of everything random',
  },
  mapOption,
  {
    name: 'set',
    placeholder: 'setting=value',
    value: { kind: 'text' },
    repeatable: true,
    description: 'A setting of the recipe by hand, as --dry-run names it: dropout=0.1,schedule=linear',
  },
];

export const trainCommand: CommandSpec = {
  name: 'train',
  summary: 'Train on a dataset, then export, measure and deploy the result',
  options: [
    { name: 'dataset', placeholder: 'file', value: { kind: 'file' }, description: 'Your examples (CSV, JSONL, JSON)' },
    baseOption,
    { ...nameOption, description: `${nameOption.description}; default: from the file's name` },
    ...recipeOptions,
    flag('no-export', 'Stop after training; the adapter is kept'),
    flag('no-deploy', 'Leave Ollama alone'),
    flag('dry-run', 'Show what would be done, each setting with its reason, and write nothing'),
  ],
  examples: [
    'forge train --dataset tickets.csv',
    'forge train --dataset tickets.csv --model qwen --epochs 3 --dry-run',
    'forge train --dataset mails.csv --map prompt=Mail,answer=Reply --set dropout=0.1',
  ],
  load: async () => (await import('../commands/train.ts')).runTrain,
};
