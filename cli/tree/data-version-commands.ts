import { flag, textOption, type ArgumentSpec, type CommandSpec, type OptionSpec } from '../command-spec.ts';

const versionArgument: ArgumentSpec = {
  name: 'dataset',
  value: { kind: 'text' },
  required: true,
  description: 'NAME or NAME:vN; without a number the newest',
};

function jobAction(name: 'pause' | 'resume' | 'cancel', summary: string): CommandSpec {
  return {
    name,
    summary,
    arguments: [
      {
        name: 'job',
        value: { kind: 'text' },
        required: true,
        description: 'Id of a job as forge data jobs shows it, the beginning of one, or last',
      },
    ],
    examples: [`forge data ${name} last`],
    load: async () => (await import('../commands/data-jobs.ts')).changeDataJob(name),
  };
}

const pageOptions: readonly OptionSpec[] = [
  {
    name: 'offset',
    placeholder: 'n',
    value: { kind: 'integer', minimum: 0, maximum: 1_000_000_000 },
    description: 'How many to skip (default 0)',
  },
  {
    name: 'limit',
    placeholder: 'n',
    value: { kind: 'integer', minimum: 1, maximum: 500 },
    description: 'How many to show (default 20)',
  },
];

const importOptions: readonly OptionSpec[] = [
  textOption('as', 'name', 'Name of the dataset; a name that is there gets its next version'),
  {
    name: 'map',
    placeholder: 'place=column',
    value: { kind: 'text' },
    repeatable: true,
    description: 'Columns by hand: prompt=question,answer=reply; a template works too: prompt={title}: {body}',
  },
  textOption('encoding', 'name', 'Encoding of the files where the guess is wrong'),
  textOption('delimiter', 'sign', 'Field separator of CSV where the guess is wrong (`tab` for a tab)'),
  flag('header', 'The first line of CSV names the columns'),
  flag('no-header', 'The first line of CSV is a row already'),
  textOption('system-prompt', 'text', 'Instruction for rows that bring none'),
  textOption('domain', 'id', 'Domain the rows belong to'),
  textOption('licence', 'name', 'Licence of the rows that name none'),
  textOption('teacher', 'provider/model', 'Model that wrote the answers, where one did'),
];

/** `forge data import` and what it makes. */
export const versionCommands: readonly CommandSpec[] = [
  {
    name: 'import',
    summary: 'Files or folders to a dataset version: read, checked, repeats merged, every reject told',
    arguments: [
      {
        name: 'path',
        value: { kind: 'file' },
        required: true,
        variadic: true,
        separate: true,
        description: 'CSV, TSV, JSONL, JSON, Parquet, Arrow, text; packed or not; folders; hf:owner/name[:part/split]',
      },
    ],
    options: importOptions,
    examples: [
      'forge data import tickets.csv --as tickets',
      'forge data import export/ --as support --map prompt=question,answer=reply --json',
      'forge data import hf:owner/name:default/train --as borrowed',
    ],
    load: async () => (await import('../commands/data-import.ts')).importData,
  },
  {
    name: 'versions',
    summary: 'Datasets that were imported, with rows, kinds and size',
    arguments: [{ ...versionArgument, required: false, description: 'Only those of this name' }],
    examples: ['forge data versions', 'forge data versions tickets --json'],
    load: async () => (await import('../commands/data-versions.ts')).listVersions,
  },
  {
    name: 'rows',
    summary: 'A page of a dataset version',
    arguments: [versionArgument],
    options: [
      ...pageOptions,
      textOption('search', 'text', 'Only rows that hold this text'),
      textOption('flag', 'code', 'Only rows with this flag, DUP_ID for example'),
    ],
    examples: ['forge data rows tickets', 'forge data rows tickets:v2 --search refund --limit 50'],
    load: async () => (await import('../commands/data-versions.ts')).listRows,
  },
  {
    name: 'rejects',
    summary: 'What an import left out: file, line, reason, how it begins',
    arguments: [versionArgument],
    options: [...pageOptions, textOption('code', 'code', 'Only those of one reason, EMPTY_FIELD for example')],
    examples: ['forge data rejects tickets', 'forge data rejects tickets --code BAD_JSON --json'],
    load: async () => (await import('../commands/data-versions.ts')).listRejects,
  },
  {
    name: 'restore',
    summary: 'Take back a version that was removed in the last ten minutes',
    arguments: [{ ...versionArgument, description: 'NAME:vN' }],
    examples: ['forge data restore tickets:v2'],
    load: async () => (await import('../commands/data-versions.ts')).restoreVersion,
  },
  {
    name: 'jobs',
    summary: 'Long work on datasets, running and over',
    examples: ['forge data jobs', 'forge data jobs --json'],
    load: async () => (await import('../commands/data-jobs.ts')).listDataJobs,
  },
  jobAction('pause', 'Stop work on data where it can go on'),
  jobAction('resume', 'Go on with work on data that was paused'),
  jobAction('cancel', 'Give up work on data; nothing half-made is left'),
];
