import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Histogram, RowLink, StudyReport } from '#contract/study.ts';
import { palette } from './colour.ts';
import { glyphs } from './glyphs.ts';
import { studyLines } from './study-view.ts';
import { displayWidth } from './text.ts';

const style = { width: 80, palette: palette('none'), glyphs: glyphs(true) };
const link = (count: number): RowLink => ({ count, ids: [] });
const none: Histogram = {
  bounds: [0],
  buckets: [link(0)],
  minimum: 0,
  median: 0,
  percentile95: 0,
  maximum: 0,
  mean: 0,
};
const tokens: Histogram = {
  bounds: [0, 16, 32, 64, 128],
  buckets: [link(0), link(10), link(40), link(0), link(0)],
  ...{ minimum: 16, median: 40, percentile95: 60, maximum: 63, mean: 40 },
};

const report: StudyReport = {
  ...{
    schema: 'forge.study/1',
    version: { name: 'tickets', version: 2 },
    name: 'tickets',
    digest: null,
    madeAt: 0,
    seconds: 1,
  },
  ...{ rows: 50, rejected: 0, kinds: [{ kind: 'sft', rows: link(50) }], characters: { prompt: none, answer: none } },
  tokens: {
    counted: 'estimated',
    base: null,
    countedRows: 0,
    total: 2_000,
    perRow: tokens,
    contextTokens: null,
    overContext: link(0),
  },
  languages: [{ name: 'de\u001b[31m', rows: link(50) }],
  code: { present: link(5), parses: link(3), broken: link(2), unchecked: link(0), languages: [] },
  ...{ empty: link(0), short: link(1), refusals: link(2), echoes: link(0) },
  duplicates: { exact: link(1), near: link(3), exactShare: 0.02, nearShare: 0.06, threshold: 0.8, comparedShare: 1 },
  repeated: { wordings: [], openings: [{ text: 'certainly i would be happy', share: 0.4, error: 0, rows: link(20) }] },
  ...{ roleErrors: [], pii: [{ kind: 'email', findings: 4, rows: link(2) }], toxicity: [], quality: none, sources: [] },
  contamination: { sets: [], hits: [] },
  ...{
    licences: [],
    teachers: [],
    categories: [],
    labels: [],
    flags: [],
    eligible: [],
    notes: ['Tokens are estimated.'],
  },
};

test('a study is a page with bars that fit the terminal, and nothing of a file can paint it', () => {
  const lines = studyLines(report, style);
  const page = lines.join('\n');
  assert.ok(
    lines.every((line) => displayWidth(line) <= 80),
    lines.find((line) => displayWidth(line) > 80),
  );
  assert.match(page, /tickets:v2 {2}50 rows \(50 sft\)/);
  assert.match(page, /16 to 32 +━+ +10 +20\.0 %/);
  assert.doesNotMatch(page, /0 to 16/, 'empty buckets at the ends are left out');
  assert.match(page, /refusals +2 rows \(4\.00 %\)/);
  assert.match(page, /3 parse, 2 are broken/);
  assert.match(page, /40\.0 % +20 {2}certainly i would be happy/);
  assert.ok(!page.includes('\u001b'));
});
