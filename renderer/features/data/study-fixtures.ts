import type { DataExportReport } from '#contract/data-exports.ts';
import type { SplitReport } from '#contract/dataset-checks.ts';
import type { Histogram, StudyReport } from '#contract/study.ts';
import { moment } from './fixtures.ts';

const link = (count: number, ...ids: readonly string[]) => ({ count, ids: [...ids] });

const histogram = (counts: readonly number[], step: number): Histogram => ({
  bounds: counts.map((_, index) => index * step),
  buckets: counts.map((count, index) => link(count, `row-${index}`)),
  minimum: 4,
  median: step * 3,
  percentile95: step * 7,
  maximum: step * 11,
  mean: step * 3.4,
});

const shape = [120, 2_400, 9_100, 14_800, 9_300, 4_700, 2_900, 1_600, 800, 240, 60, 12];

export const studyOf = (change: Partial<StudyReport> = {}): StudyReport => ({
  schema: 'forge.study/1',
  version: { name: 'support-tickets', version: 1 },
  name: 'support-tickets',
  digest: null,
  madeAt: moment,
  seconds: 31,
  rows: 46_032,
  rejected: 0,
  kinds: [{ kind: 'sft', rows: link(46_032) }],
  characters: { prompt: histogram(shape, 40), answer: histogram(shape.toReversed(), 120) },
  tokens: {
    counted: 'estimated',
    base: null,
    countedRows: 0,
    total: 9_204_000,
    perRow: histogram(shape, 64),
    contextTokens: 2_048,
    overContext: link(31, 'a', 'b'),
  },
  languages: [
    { name: 'en', rows: link(31_204, 'a') },
    { name: 'de', rows: link(14_720, 'b') },
    { name: 'fr', rows: link(108, 'c') },
  ],
  code: { present: link(12), parses: link(9), broken: link(3, 'x'), unchecked: link(0), languages: [] },
  empty: link(4, 'e'),
  short: link(912, 's'),
  refusals: link(88, 'r'),
  echoes: link(0),
  duplicates: {
    exact: link(310, 'd'),
    near: link(1_204, 'n'),
    exactShare: 0.007,
    nearShare: 0.026,
    threshold: 0.8,
    comparedShare: 1,
  },
  repeated: {
    wordings: [{ text: 'Thank you for your patience', share: 0.31, error: 0, rows: link(14_270, 'a') }],
    openings: [{ text: 'I am sorry', share: 0.42, error: 0, rows: link(19_300, 'a') }],
  },
  roleErrors: [],
  pii: [
    { kind: 'email', findings: 3, rows: link(2, 'p', 'q') },
    { kind: 'phone', findings: 1, rows: link(1, 'q') },
  ],
  toxicity: [],
  contamination: { sets: [], hits: [] },
  quality: histogram([0, 2, 8, 40, 900, 8_000, 20_000, 12_000, 5_000, 82], 0.1),
  sources: [{ name: 'tickets-2026.csv', rows: link(46_032, 'a') }],
  licences: [],
  teachers: [{ name: 'openai/gpt-4o', rows: link(120, 't') }],
  categories: [],
  labels: [],
  flags: [{ name: 'FALLBACK_ENCODING', rows: link(31, 'f') }],
  eligible: [],
  notes: ['Tokens are estimated from characters: no base model was named.'],
  ...change,
});

export const splitReportOf = (change: Partial<SplitReport> = {}): SplitReport => ({
  name: 'support-tickets',
  version: 1,
  rows: 46_032,
  rowsPath: '/forge/foundry/split.jsonl',
  seconds: 4.2,
  check: 'split',
  seed: 17,
  sides: { train: 36_840, validation: 4_590, test: 4_602 },
  groups: { train: 30_112, validation: 3_760, test: 3_771 },
  leftOut: 0,
  largestGroupRows: 412,
  leaks: { exactPairs: 0, nearPairs: 0 },
  naive: { pairs: 1_514, crossing: 283, share: 0.187 },
  ...change,
});

export const exportReportOf = (change: Partial<DataExportReport> = {}): DataExportReport => ({
  name: 'support-tickets',
  version: 1,
  format: 'alpaca',
  folder: '/home/me/tickets-alpaca',
  rows: 46_032,
  written: 44_980,
  losses: [
    { what: 'tools', rows: 1_052, loses: 'row', text: 'Calls of tools have no place in Alpaca.' },
    { what: 'group', rows: 46_032, loses: 'part', text: 'Groups are not written.' },
  ],
  files: [
    { path: 'data.json', rows: 44_980, sizeBytes: 58_200_000 },
    { path: 'README.md', rows: null, sizeBytes: 2_400 },
  ],
  seconds: 1.2,
  ...change,
});
