import type {
  DatasetVersion,
  FoundryJob,
  PagedRow,
  RejectEntry,
  VersionReference,
} from '#contract/dataset-versions.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { HubListing } from '#contract/hub-datasets.ts';
import type { ImportPreview, PreviewedRecord } from '#contract/import-preview.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { notLoaded } from '../create/loaded.ts';
import { usualStep } from './filter-steps.ts';
import type { ImportDraft, ImportState } from './import-store.ts';
import { noRows, withPage } from './paged-rows.ts';
import { usualQuery, type RejectList, type VersionState } from './version-store.ts';

export const moment = Date.UTC(2026, 10, 20, 9, 30);
const digest = '3f8c1d20a4b59e67f0c2d4e6a8b0c1d3e5f70213243546576879808192a3b4c5';

export const versionOf = (change: Partial<DatasetVersion> = {}): DatasetVersion => ({
  schema: 'forge.dataset/1',
  name: 'support-tickets',
  version: 1,
  createdAt: moment - 3 * 86_400_000,
  parent: null,
  recipe: { import: null, steps: [], split: null },
  digest,
  rows: 48_210,
  kinds: { sft: 48_210 },
  seen: 50_031,
  rejected: 312,
  merged: 1_509,
  sizeBytes: 61_300_000,
  files: { rows: digest, rejects: digest },
  sources: [{ uri: 'tickets-2026.csv', sha256: digest, sizeBytes: 58_000_000, rows: 48_210, licence: null }],
  warnings: [],
  ...change,
});

const ticketsBefore: VersionReference = { name: 'support-tickets', version: 1 };

export const versions: readonly DatasetVersion[] = [
  versionOf(),
  versionOf({
    version: 2,
    createdAt: moment,
    parent: ticketsBefore,
    recipe: { import: null, steps: [usualStep('length'), usualStep('refusal')], split: null },
    rows: 44_871,
    kinds: { sft: 44_871 },
    sizeBytes: 57_900_000,
  }),
  versionOf({
    name: 'preferences-2026-from-the-comparison-of-two-models',
    createdAt: moment - 86_400_000,
    rows: 1_204,
    kinds: { preference: 1_100, unpaired: 104 },
    rejected: 0,
    sizeBytes: 3_100_000,
    sources: [
      { uri: 'votes.jsonl', sha256: digest, sizeBytes: 2_000_000, rows: 1_100, licence: 'CC-BY-4.0' },
      { uri: 'marks.jsonl', sha256: digest, sizeBytes: 1_000_000, rows: 104, licence: null },
    ],
    warnings: ['Of 3 columns with the same name two were renamed.'],
  }),
  versionOf({
    name: 'handbook',
    rows: 1_000_000,
    kinds: { text: 1_000_000 },
    seen: 1_000_000,
    rejected: 0,
    merged: 0,
    sizeBytes: 2_400_000_000,
    sources: [{ uri: 'handbook/', sha256: digest, sizeBytes: 2_300_000_000, rows: 1_000_000, licence: 'MIT' }],
  }),
];

export const jobOf = (change: Partial<FoundryJob> = {}): FoundryJob => ({
  id: 'a1b2c3',
  kind: 'import',
  name: 'support-tickets',
  state: 'running',
  text: '',
  done: 23_800_000,
  total: 58_000_000,
  rowsPerSecond: 83_200,
  secondsLeft: 7,
  startedAt: moment,
  result: null,
  failure: null,
  ...change,
});

export const failure: ForgeErrorData = {
  code: 'disk.full',
  message: 'There is not enough room on the disk: 2.1 GB are needed, 0.4 GB are free.',
  remedy: 'Free some room, then go on.',
  retryable: true,
  exitCode: 1,
  detail: {},
  correlationId: null,
};

export const rowOf = (): Extract<CanonicalRow, { kind: 'sft' }> => ({
  id: '9d2f6c1ab37e40588f0c1d2e3f405162',
  kind: 'sft',
  group: 'a1b2c3d4e5f60718',
  source: { type: 'file', uri: 'tickets-2026.csv', line: 118, byte_offset: 40_112, licence: 'CC-BY-4.0' },
  training_eligible: true,
  lang: 'en',
  messages: [
    { role: 'system', content: 'Answer as the support of the shop.' },
    { role: 'user', content: 'My parcel never came. Please write to ann.smith@example.org. Order 4711.' },
    {
      role: 'assistant',
      content: 'I am sorry. The parcel left our house on Monday; I have asked the carrier and will write to you today.',
    },
  ],
  flags: [
    { check: 'pii', code: 'email', place: 'messages.1.content', span: [38, 59] },
    { check: 'quality', code: 'SHORT_ANSWER', score: 0.42 },
  ],
});

const cells = [
  ['My parcel never came', 'ann', 'I am sorry. The parcel left our house on Monday.', 'closed'],
  ['Where is my money?', 'ben', 'It was sent back on 3 May.', 'closed'],
  ['', 'cem', 'Thanks for the call.', 'open'],
  ['Größe 44 passt nicht', 'dora', 'Schicken Sie die Schuhe einfach zurück.', 'closed'],
] as const;

const record = (index: number): PreviewedRecord => {
  const [question = '', agent = '', reply = '', state = ''] = cells[index % cells.length] ?? [];
  const { flags: _flags, ...plain } = rowOf();
  const messages = [
    { role: 'user' as const, content: question },
    { role: 'assistant' as const, content: reply },
  ];
  return {
    line: index + 2,
    byteOffset: index * 240,
    cells: [question, agent, reply, state],
    flags: index % 4 === 3 ? ['FALLBACK_ENCODING'] : [],
    outcome:
      question === ''
        ? { kind: 'rejected', code: 'EMPTY_PROMPT', message: 'The question is empty.' }
        : { kind: 'row', row: { ...plain, id: `row-${index}`, flags: [], messages } },
  };
};

export const previewOf = (change: Partial<ImportPreview> = {}): ImportPreview => ({
  file: 'tickets-2026.csv',
  sizeBytes: 58_000_000,
  files: { count: 1, sizeBytes: 58_000_000, ignored: 0 },
  container: 'csv',
  compression: 'none',
  encoding: { name: 'windows-1252', confidence: 0.83 },
  delimiter: ';',
  hasHeader: true,
  columns: [
    { name: 'Anliegen', filled: 0.98, meanCharacters: 214, example: 'My parcel never came' },
    { name: 'Bearbeiter', filled: 1, meanCharacters: 4, example: 'ann' },
    { name: 'Antwort', filled: 0.99, meanCharacters: 480, example: 'I am sorry. The parcel left our house on Monday.' },
    { name: 'Status', filled: 1, meanCharacters: 6, example: 'closed' },
  ],
  suggested: { prompt: 'Anliegen', answer: 'Antwort' },
  format: 'mapped',
  total: { records: 50_031, isExact: false },
  looked: { records: 9_120, rejected: 14, fallbackEncoding: 3 },
  records: Array.from({ length: 12 }, (_, index) => record(index)),
  worst: [
    {
      line: 18_204,
      isLineExact: false,
      byteOffset: 21_004_112,
      code: 'UNCLOSED_QUOTE',
      message: 'A quoted field is not closed.',
      flags: [],
      head: '"Where is\tmy order;ben;"\nIt is on its way',
      headEncoding: 'utf-8',
    },
  ],
  ...change,
});

export const draftOf = (change: Partial<ImportDraft> = {}): ImportDraft => ({
  paths: ['/home/me/tickets-2026.csv'],
  label: 'tickets-2026.csv',
  asDocuments: false,
  name: 'tickets-2026',
  mapping: null,
  encoding: null,
  delimiter: null,
  hasHeader: null,
  systemPrompt: null,
  licence: null,
  domain: null,
  ...change,
});

/** A dataset of the hub with so many parts. */
export const hubListingOf = (parts: number): HubListing => ({
  ...{ repository: 'publisher/tickets', revision: 'main', commit: 'd1c3'.repeat(10), isConverted: parts > 8 },
  parts: Array.from({ length: parts }, (_, part) => ({
    configuration: part < 3 ? 'default' : `language-${part}`,
    split: ['train', 'validation', 'test'][part % 3] ?? 'train',
    files: 1 + ((part * 7) % 12),
    sizeBytes: 1_830_000_000 / (part + 1),
    formats: ['parquet'],
  })),
  suggested: 'hf:publisher/tickets:default/train',
});

export const importState = (change: Partial<ImportState> = {}) => ({
  draft: null,
  bringing: { kind: 'idle' } as const,
  preview: notLoaded,
  record: 0,
  isStarting: false,
  failure: null,
  job: null,
  ...change,
});

export const importReport = {
  name: 'tickets-2026',
  version: 1,
  digest,
  seen: 50_031,
  accepted: 48_210,
  rejected: 312,
  merged: 1_509,
  rejectsPath: '/forge/datasets/tickets-2026/v1/rejects.jsonl',
  seconds: 0.8,
  peakBytes: 214_000_000,
  warnings: [],
};

const pagedRow = (place: number): PagedRow => ({
  place,
  id: `row-${place}`,
  kind: 'sft',
  prompt: `My parcel number ${4_000 + place} never came. Can you find out where it is?`,
  answer: 'I am sorry. The parcel left our house on Monday.',
  promptCharacters: 60 + (place % 200),
  answerCharacters: 48 + (place % 900),
  group: 'a1b2c3',
  source: 'tickets-2026.csv',
  line: place + 2,
  flags: place % 9 === 0 ? ['email', 'FALLBACK_ENCODING'] : [],
});

/** A million rows of which the first page is here. */
export const millionRows = withPage<PagedRow>(noRows, 0, {
  total: 1_000_000,
  rows: Array.from({ length: 100 }, (_, place) => pagedRow(place)),
});

const reject = (index: number): RejectEntry => ({
  file: 'tickets-2026.csv',
  line: 200 + index * 31,
  byteOffset: 48_000 + index * 7_400,
  byteLength: 180,
  code: index % 3 === 0 ? 'RAGGED_LONG' : 'EMPTY_PROMPT',
  message: index % 3 === 0 ? 'The record has 5 fields, the header has 4.' : 'The question is empty.',
  head: index % 3 === 0 ? '"Where; is my order";ben;It is on its way;open;x\r\n' : 'R3L832UgYXVzIEv2bG4=',
  headEncoding: index % 3 === 0 ? 'utf-8' : 'base64',
});

export const rejectList: RejectList = {
  total: 312,
  rejects: Array.from({ length: 200 }, (_, index) => reject(index)),
  reasons: [
    { code: 'EMPTY_PROMPT', count: 208 },
    { code: 'RAGGED_LONG', count: 104 },
  ],
  code: null,
};

type ShownVersion = Pick<
  VersionState,
  'reference' | 'version' | 'query' | 'rows' | 'isSearching' | 'failure' | 'selected' | 'row' | 'shown' | 'rejects'
>;

export const versionState = (change: Partial<ShownVersion> = {}): ShownVersion => ({
  reference: ticketsBefore,
  version: {
    value: versionOf({ rows: 1_000_000, kinds: { sft: 900_000, prompt: 100_000 } }),
    isLoading: false,
    failure: null,
  },
  query: usualQuery,
  rows: millionRows,
  isSearching: false,
  failure: null,
  selected: null,
  row: notLoaded,
  shown: notLoaded,
  rejects: notLoaded,
  ...change,
});
