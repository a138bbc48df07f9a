import { defaultBaseModel, type BaseModelView } from '#contract/base-models.ts';
import type { DatasetInspection, KnownDataset, PreviewRow, ShownRow } from '#contract/dataset-preview.ts';
import type { DatasetReport, SplitReport } from '#contract/datasets.ts';
import type { MainJobDraft } from '#contract/drafts.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';

/** A fixed moment, so that pictures of the gallery stay the same. */
export const fixtureNow = Date.UTC(2026, 10, 20, 12);

export function failureOfCode(code: string, message: string, remedy: string): ForgeErrorData {
  return { code, message, remedy, retryable: true, exitCode: 2, detail: {}, correlationId: null };
}

export const drafts: readonly MainJobDraft[] = [
  {
    v: 1,
    id: 'draft-0001',
    updatedAt: fixtureNow,
    step: 'plan',
    request: { name: 'support', base: defaultBaseModel },
    datasetLabel: 'tickets-2026.csv',
    mainJob: null,
  },
  {
    v: 1,
    id: 'draft-0002',
    updatedAt: fixtureNow - 86_400_000,
    step: 'train',
    request: { name: 'antworten' },
    datasetLabel: '質問と回答.jsonl',
    mainJob: 'main-1',
  },
  {
    v: 1,
    id: 'draft-0003',
    updatedAt: fixtureNow - 3 * 86_400_000,
    step: 'data',
    request: {},
    datasetLabel: null,
    mainJob: null,
  },
];

export const knownDatasets: readonly KnownDataset[] = [
  {
    path: '/forge/support/quickstart.csv',
    label: 'Support tickets',
    kind: 'sample',
    about: '382 customer tickets in four languages, each with its product, urgency, team and language.',
    rows: 382,
    sizeBytes: 98_000,
    changedAt: fixtureNow,
    isDefault: true,
  },
  {
    path: '/home/ada/.forge/datasets/kept/examples.jsonl',
    label: 'Kept answers',
    kind: 'kept',
    about: 'Answers kept while comparing models.',
    rows: 41,
    sizeBytes: 12_000,
    changedAt: fixtureNow,
    isDefault: false,
  },
];

const answer = '{"product":"router","urgency":"normal","queue":"billing","language":"en"}';

export const previewRows: readonly PreviewRow[] = [
  {
    side: 'train',
    row: {
      id: 'row-1',
      kind: 'sft',
      group: 'router-charged-twice',
      messages: [
        { role: 'system', content: 'Read the customer’s ticket and answer with one compact JSON object only.' },
        {
          role: 'user',
          content:
            'Hello, my bank statement shows two payments of 129 euros for the one router I ordered in March (order NL-20418). Please give one of them back.',
        },
        { role: 'assistant', content: answer },
      ],
    },
  },
  {
    side: 'held-out',
    row: {
      id: 'row-2',
      kind: 'sft',
      group: 'html',
      messages: [
        { role: 'user', content: '<img src=x onerror="alert(1)"> <b>Größe</b> & <script>alert(2)</script>' },
        { role: 'assistant', content: answer },
      ],
    },
  },
];

export const datasetReport: DatasetReport = {
  name: 'tickets-2026.csv',
  container: 'csv',
  format: 'columns',
  mapping: { prompt: 'ticket', answer: 'answer', group: 'group' },
  delimiter: ',',
  encoding: { name: 'windows-1252', certain: false },
  sizeBytes: 98_000,
  sha256: 'a'.repeat(64),
  seen: 390,
  rows: 382,
  duplicates: 5,
  contradictions: 2,
  rejected: {
    total: 3,
    byReason: { RAGGED_LONG: 2, EMPTY_ANSWER: 1 },
    examples: [
      {
        line: 118,
        reason: 'RAGGED_LONG',
        message: 'It has 5 columns, the header has 3.',
        excerpt: 'router-slow,"Since Tuesday, the',
      },
      {
        line: 240,
        reason: 'EMPTY_ANSWER',
        message: 'The answer is empty.',
        excerpt: 'camera-lost,"Wo ist meine Kamera?",',
      },
    ],
  },
  flags: {},
  groups: { count: 120, origin: 'column', largest: 9 },
  warnings: [],
};

export const splitReport: SplitReport = {
  seed: 17,
  train: { rows: 240, groups: 76 },
  validation: { rows: 58, groups: 18 },
  heldOut: { rows: 84, groups: 41 },
  heldOutWanted: 84,
  leaks: { exactPairs: 0, nearPairs: 0, nearPairsOfPlainShuffle: 31 },
  largestLabelShift: 2.1,
  expectedVisiblePoints: 9,
  warnings: [],
};

export const inspection: DatasetInspection = {
  path: '/home/ada/tickets-2026.csv',
  report: datasetReport,
  split: splitReport,
  columns: ['group', 'ticket', 'answer', 'a column with a very long name that goes on and on'],
  scoring: 'Answers are scored by the share of right fields (product, urgency, queue, language).',
  rows: [...previewRows],
  total: 382,
};

const piece = (text: string, part: 'template' | 'user' | 'assistant', token: number) => ({
  text,
  part,
  token,
  learned: false,
});
const learned = (text: string, token: number) => ({ ...piece(text, 'assistant', token), learned: true });

export const shownRow: ShownRow = {
  pieces: [
    piece('<|im_start|>', 'template', 1),
    piece('user', 'template', 4093),
    piece('\n', 'template', 198),
    ...['My', ' bank', ' statement', ' shows', ' two', ' payments'].map((text, index) =>
      piece(text, 'user', 900 + index),
    ),
    piece('<|im_end|>', 'template', 2),
    piece('\n', 'template', 198),
    piece('<|im_start|>', 'template', 1),
    piece('assistant', 'template', 520),
    piece('\n', 'template', 198),
    ...['{"', 'product', '":"', 'router', '","', 'urgency', '":"', 'normal', '"}'].map((text, index) =>
      learned(text, 1200 + index),
    ),
    { ...learned('<|im_end|>', 2), part: 'template' as const },
  ],
  tokens: 24,
  learnedTokens: 10,
  exactness: 'tokens',
  note: '',
};

export function baseModel(id: string, changes: Partial<BaseModelView>): BaseModelView {
  return {
    id,
    name: id,
    state: 'available',
    origin: 'in the Hugging Face hub',
    files: null,
    isOwn: false,
    facts: null,
    licence: { name: 'Apache-2.0', isOpen: true },
    gated: false,
    sizeBytes: 3.1e9,
    memory: null,
    bestUse: null,
    aliases: [],
    ...changes,
  };
}

const facts = (parameters: number) => ({
  parameters,
  family: 'llama',
  layers: 30,
  hiddenSize: 576,
  vocabularySize: 49_152,
  contextLength: 8192,
  hasChatTemplate: true,
});
const memory = (lora: number) => ({ lora, qlora: lora * 0.6, dora: lora * 1.1, full: lora * 4 });

export const baseModels: readonly BaseModelView[] = [
  baseModel(defaultBaseModel, {
    name: 'SmolLM2 135M Instruct',
    state: 'ready',
    facts: facts(134_515_008),
    memory: memory(1.6e9),
    sizeBytes: 2.7e8,
    bestUse: 'Short, fixed answers such as labels and fields.',
  }),
  baseModel('qwen3-0.6b', {
    name: 'Qwen3 0.6B',
    facts: facts(596_049_920),
    memory: memory(4.2e9),
    sizeBytes: 1.5e9,
    bestUse: 'Short answers in many languages.',
  }),
  baseModel('gemma-3-1b', {
    name: 'Gemma 3 1B',
    facts: facts(999_885_952),
    memory: memory(6.4e9),
    sizeBytes: 2e9,
    gated: true,
    licence: { name: 'Gemma', isOpen: false },
    bestUse: 'Fluent text in many languages.',
  }),
  baseModel('llama-3.3-70b', {
    name: 'Llama 3.3 70B',
    facts: facts(70_553_706_496),
    memory: memory(1.6e11),
    sizeBytes: 1.4e11,
    licence: { name: 'Llama 3.3', isOpen: false },
    bestUse: 'The hardest tasks, on large machines.',
  }),
];
