import { flag, textOption, type CommandSpec, type OptionSpec } from '../command-spec.ts';

const answerOptions: readonly OptionSpec[] = [
  {
    name: 'model',
    placeholder: 'model',
    value: { kind: 'model' },
    repeatable: true,
    description: 'Two to four times: a model of yours, a base, ollama/<name> or <provider>/<name>',
  },
  textOption('system', 'text', 'System message put before every prompt'),
  {
    name: 'temperature',
    placeholder: 'x',
    value: { kind: 'number', minimum: 0, maximum: 2 },
    description: '0 (default) gives the likeliest answer, higher ones vary',
  },
  {
    name: 'max-tokens',
    placeholder: 'n',
    value: { kind: 'integer', minimum: 1, maximum: 32_768 },
    description: 'Longest answer (default 512)',
  },
  {
    name: 'cap',
    placeholder: 'dollars',
    value: { kind: 'number', minimum: 0.000_001, maximum: 10_000 },
    description: 'Most that providers may cost in all (default 1)',
  },
];

export const compareCommand: CommandSpec = {
  name: 'compare',
  summary: 'Put one prompt, or a whole set, to two to four models',
  defaultSubcommand: 'ask',
  examples: [
    'forge compare "The invoice shows the amount twice." --model support:v1 --model smollm2-135m-instruct',
    'forge compare "Hello" --model support --model openai/gpt-5.4-mini --json',
    'forge compare set tickets.csv --model support:v1 --model support:v2',
  ],
  subcommands: [
    {
      name: 'ask',
      summary: 'One prompt; the answers are shown one after another as they come',
      arguments: [
        {
          name: 'prompt',
          value: { kind: 'text' },
          required: false,
          variadic: true,
          description: 'The prompt; without it standard input',
        },
      ],
      options: answerOptions,
      examples: ['forge compare ask "Hello" --model support:v1 --model support:v2'],
      load: async () => (await import('../commands/compare.ts')).compareOnce,
    },
    {
      name: 'set',
      summary: 'Every prompt of a file: a dataset with its expected answers, or lines of a .txt file',
      arguments: [
        { name: 'file', value: { kind: 'file' }, required: true, description: 'Dataset, or text with a prompt a line' },
      ],
      options: [
        ...answerOptions,
        {
          name: 'limit',
          placeholder: 'n',
          value: { kind: 'integer', minimum: 1, maximum: 2_000 },
          description: 'At most this many prompts (default 100)',
        },
        flag('estimate', 'Only say what it would cost and how long it would take'),
      ],
      examples: ['forge compare set tickets.csv --model support:v1 --model anthropic/claude-haiku-4-5 --cap 0.50'],
      load: async () => (await import('../commands/compare.ts')).compareSet,
    },
    {
      name: 'resume',
      summary: 'Go on with a comparison that was stopped',
      arguments: [{ name: 'id', value: { kind: 'text' }, required: true, description: 'From `forge compare list`' }],
      examples: ['forge compare resume c-mf3k2x-1a2b3c4d'],
      load: async () => (await import('../commands/compare.ts')).resumeComparison,
    },
    {
      name: 'list',
      summary: 'Comparisons so far, newest first',
      examples: ['forge compare list', 'forge compare list --json'],
      load: async () => (await import('../commands/compare.ts')).listComparisons,
    },
  ],
};
