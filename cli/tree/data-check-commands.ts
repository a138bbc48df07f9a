import { flag, textOption, type ArgumentSpec, type CommandSpec, type OptionSpec } from '../command-spec.ts';

const dataset: ArgumentSpec = {
  name: 'dataset',
  value: { kind: 'text' },
  required: true,
  description: 'NAME or NAME:vN; without a number the newest',
};
const share = { kind: 'number', minimum: 0, maximum: 0.5 } as const;
const splitOptions: readonly OptionSpec[] = [
  { name: 'validation', placeholder: 'share', value: share, description: 'Share to stop by (default 0.1)' },
  { name: 'test', placeholder: 'share', value: share, description: 'Share to measure with (default 0.1)' },
  {
    name: 'seed',
    placeholder: 'n',
    value: { kind: 'integer', minimum: 0, maximum: 2_147_483_647 },
    description: 'Seed of the split (default 1)',
  },
];

/** Checks over all rows of a version, and freezing what filters keep. */
export const checkCommands: readonly CommandSpec[] = [
  {
    name: 'dedupe',
    summary: 'Count and list equal and near-equal rows',
    arguments: [dataset],
    options: [
      {
        name: 'over',
        placeholder: 'part',
        value: { kind: 'choice', choices: ['prompt', 'answer', 'both'] },
        description: 'What is compared (default both)',
      },
      {
        name: 'threshold',
        placeholder: 'share',
        value: { kind: 'number', minimum: 0.5, maximum: 1 },
        description: 'Least similarity of near-equal rows (default 0.8)',
      },
      flag('exact-only', 'Equal rows only'),
      {
        name: 'keep',
        placeholder: 'rule',
        value: { kind: 'choice', choices: ['longest', 'highest-score', 'newest'] },
        description: 'Which row of a cluster stays (default longest)',
      },
    ],
    examples: ['forge data dedupe tickets', 'forge data dedupe tickets:v2 --over prompt --json'],
    load: async () => (await import('../commands/data-dedupe.ts')).dedupeData,
  },
  {
    name: 'split',
    summary: 'Sides without leaks, and what a naive split would leak',
    arguments: [dataset],
    options: splitOptions,
    examples: ['forge data split tickets', 'forge data split tickets --validation 0.05 --test 0.1 --json'],
    load: async () => (await import('../commands/data-split.ts')).splitData,
  },
  {
    name: 'contamination',
    summary: 'Rows that hold tasks of benchmarks, or held-out rows of models and datasets',
    arguments: [dataset],
    examples: ['forge data contamination tickets', 'forge data contamination tickets --json'],
    load: async () => (await import('../commands/data-contamination.ts')).checkContamination,
  },
  {
    name: 'pii',
    summary: 'Personal data and secrets, counted by kind',
    arguments: [dataset],
    options: [textOption('packs', 'names', 'Detectors of these domains look too: healthcare,legal')],
    examples: ['forge data pii tickets', 'forge data pii notes --packs healthcare --json'],
    load: async () => (await import('../commands/data-pii.ts')).checkPersonalData,
  },
  {
    name: 'diff',
    summary: 'What became of the rows from one version to another: added, removed, changed, moved between sides',
    arguments: [
      { ...dataset, name: 'before', description: 'NAME or NAME:vN, the earlier one; without a number the newest' },
      {
        ...dataset,
        name: 'after',
        required: false,
        description: 'The later one; without it BEFORE is the later one and is compared with what it was made of',
      },
    ],
    examples: ['forge data diff tickets:v1 tickets:v2', 'forge data diff tickets', 'forge data diff old new --json'],
    load: async () => (await import('../commands/data-diff.ts')).diffData,
  },
  {
    name: 'freeze',
    summary: 'Make a version of what filters keep, or try them first',
    arguments: [dataset],
    options: [
      textOption('domain', 'id', 'Begin with the filters of a domain pack (`forge domain ID` shows them)'),
      {
        name: 'step',
        placeholder: 'step',
        value: { kind: 'text' },
        repeatable: true,
        description:
          'A filter, in order: min-chars=100, max-chars=, min-tokens=, max-tokens=, code=present, language=en,de, match=, no-match=, banned=, refusal, echo=0.5, quality=0.5, exact, near=0.8, pii=mask, contamination=drop, eligible=, script=clean.py (or the name of a kept one)',
      },
      {
        name: 'steps',
        placeholder: 'file',
        value: { kind: 'file' },
        description:
          'A JSON list of steps, as a version keeps them; they come after those of --domain and before those of --step',
      },
      textOption('base', 'model', 'Base model whose tokenizer counts tokens (default: estimated by characters)'),
      flag('try', 'Only say what the steps would keep and drop'),
      textOption('as', 'name', 'Name of the dataset that is made (default: a new version of the same)'),
      flag('split', 'Give every row its side, without leaks'),
      ...splitOptions,
    ],
    examples: [
      'forge data freeze tickets --step refusal --step near=0.8 --step pii=mask --try',
      'forge data freeze snippets --domain coding --try',
      'forge data freeze tickets --step max-tokens=2048 --base smollm2-135m-instruct',
      'forge data freeze tickets --step exact --step pii=mask --split --as tickets-clean',
      'forge data freeze tickets --step refusal --step script=clean.py --step exact --try',
    ],
    load: async () => (await import('../commands/data-freeze.ts')).freezeData,
  },
];

export const studyCommand: CommandSpec = {
  name: 'study',
  summary: 'What a dataset holds: lengths, languages, duplicates, refusals, personal data, contamination',
  arguments: [
    {
      name: 'dataset',
      value: { kind: 'file' },
      required: true,
      description: 'NAME or NAME:vN of an imported dataset, or a file or folder, which is read and not imported',
    },
  ],
  options: [
    {
      name: 'base',
      aliases: ['model'],
      placeholder: 'model',
      value: { kind: 'text' },
      description: 'Base model whose tokenizer counts the tokens (default: estimated by characters)',
    },
    {
      name: 'map',
      placeholder: 'place=column',
      value: { kind: 'text' },
      repeatable: true,
      description: 'For files: columns by hand, prompt=Question,answer=Reply',
    },
  ],
  examples: [
    'forge study tickets',
    'forge study tickets.csv --map prompt=Frage,answer=Antwort',
    'forge study tickets:v2 --json',
  ],
  load: async () => (await import('../commands/study.ts')).studyData,
};
