import { dataFormats } from '#contract/data-exports.ts';
import { flag, textOption, type CommandSpec } from '../command-spec.ts';

/** Dataset versions as files for other trainers, and documents as versions. */
export const dataExportCommands: readonly CommandSpec[] = [
  {
    name: 'export',
    summary: 'Write a version for another trainer, with a data card; what the format cannot carry is told first',
    arguments: [
      {
        name: 'dataset',
        value: { kind: 'text' },
        required: true,
        description: 'NAME or NAME:vN; without a number the newest',
      },
    ],
    options: [
      {
        name: 'format',
        placeholder: 'format',
        value: { kind: 'choice', choices: [...dataFormats] },
        description: dataFormats.join(', '),
      },
      {
        name: 'to',
        placeholder: 'folder',
        value: { kind: 'folder' },
        description: 'Folder to make; one that is there, or a slash at the end, means: inside it (default: here)',
      },
      flag('check', 'Only tell what the format cannot carry; writes nothing'),
      flag('overwrite', 'Replace an earlier export'),
      { name: 'yes', short: 'y', description: 'Do not ask when rows are left out' },
    ],
    examples: [
      'forge data export tickets --format mlx --to ./mlx-data',
      'forge data export tickets:v2 --format openai --check',
    ],
    load: async () => (await import('../commands/data-export.ts')).exportData,
  },
  {
    name: 'documents',
    summary: 'Documents into a version: txt, md, html, pdf, docx, source code; text with page and place, in chunks',
    description:
      'For continued pre-training, or as ground for generation. Folders are read whole; .gitignore is respected, vendored, generated and binary files stay out.',
    arguments: [
      {
        name: 'path',
        value: { kind: 'file' },
        required: true,
        variadic: true,
        separate: true,
        description: 'Files and folders; a code repository is a folder',
      },
    ],
    options: [
      textOption('as', 'name', 'Name of the dataset'),
      {
        name: 'size',
        placeholder: 'characters',
        value: { kind: 'integer', minimum: 200, maximum: 100_000 },
        description: 'Length of a chunk (default 2000)',
      },
      {
        name: 'overlap',
        placeholder: 'characters',
        value: { kind: 'integer', minimum: 0, maximum: 50_000 },
        description: 'What a chunk repeats of the one before (default 0)',
      },
      textOption('domain', 'id', 'Domain that the rows carry'),
      textOption('licence', 'SPDX id', 'Licence of documents whose folder names none'),
    ],
    examples: [
      'forge data documents ~/manuals --as manuals',
      'forge data documents . --as my-code --size 4000 --overlap 400',
    ],
    load: async () => (await import('../commands/data-documents.ts')).importDocuments,
  },
];
