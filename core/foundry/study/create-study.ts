import { rowKinds, type CanonicalRow } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import type { StudyReport } from '#contract/study.ts';
import { findContamination } from '../contamination/find-contamination.ts';
import { detectLanguage } from '../filters/detect-language.ts';
import { createRowPiiFinder } from '../pii/domain-detectors.ts';
import { answerTextOf, promptTextOf, textsOf } from '../row-texts.ts';
import { createAnswerCounts } from './answer-counts.ts';
import { createDuplicateCounts } from './duplicate-counts.ts';
import { toxicTiers, toxicTiersOf } from './find-toxic-words.ts';
import { createNumberHistogram } from './number-histogram.ts';
import { roleErrorsOf } from './role-errors.ts';
import { createNameCounter, createRowCounter, type NameCounter } from './row-links.ts';
import type { RowLists } from './row-lists.ts';
import type { StudyParts, StudyTokens } from './study-parts.ts';

/** The report without what only the caller knows. */
export type StudyFigures = Omit<
  StudyReport,
  'schema' | 'version' | 'name' | 'digest' | 'madeAt' | 'seconds' | 'rejected'
>;

/**
 * A study (D-7): rows are added once in their order, `settle` links near duplicates, `report` tells. Memory is bounded by sketches and samples; what was not
 * counted exactly stands in `notes`.
 */
export interface Study {
  add(row: CanonicalRow): void;
  settle(): Generator<number, void, undefined>;
  report(): StudyFigures;
}

const characterBounds = [0, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000];
const tokenBounds = [0, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768];

export function createStudy(parts: StudyParts): Study {
  const { lists } = parts;
  const kinds = new Map(rowKinds.map((kind) => [kind, createRowCounter(lists)]));
  const [prompts, answers] = [
    createNumberHistogram(characterBounds, lists),
    createNumberHistogram(characterBounds, lists),
  ];
  const tokens = createTokenCounts(parts.tokens, lists);
  const answerCounts = createAnswerCounts(parts.parseCode, lists);
  const duplicates = createDuplicateCounts(parts.rows, parts);
  const checks = createCheckCounts(parts);
  const facts = createFactCounts(lists);
  let rows = 0;
  return {
    add(row) {
      const [prompt, answer] = [promptTextOf(row), answerTextOf(row)];
      if (lists !== null) lists.place = rows;
      kinds.get(row.kind)?.add(row.id);
      if (row.kind !== 'text') prompts.add(prompt.length, row.id);
      if (row.kind !== 'prompt') answers.add(answer.length, row.id);
      tokens.add(row, rows);
      answerCounts.add(row, prompt, answer);
      duplicates.add(row);
      checks.add(row);
      facts.add(row, answer === '' ? prompt : answer);
      rows += 1;
    },
    settle: () => duplicates.settle(),
    report: () => ({
      rows,
      kinds: [...kinds].flatMap(([kind, counter]) => (counter.count === 0 ? [] : [{ kind, rows: counter.link() }])),
      characters: { prompt: prompts.report(), answer: answers.report() },
      tokens: tokens.report(),
      ...answerCounts.report(),
      duplicates: duplicates.report(),
      ...checks.report(),
      ...facts.report(),
      notes: notesOf(parts, duplicates),
    }),
  };
}

function createTokenCounts(
  how: StudyTokens,
  lists: RowLists | null,
): {
  add(row: CanonicalRow, place: number): void;
  report(): StudyReport['tokens'];
} {
  const perRow = createNumberHistogram(tokenBounds, lists);
  const over = createRowCounter(lists);
  return {
    add(row, place) {
      const count = how.tokensOf(row, place);
      perRow.add(count, row.id);
      if (how.contextTokens !== null && count > how.contextTokens) over.add(row.id);
    },
    report: () => ({
      counted: how.counted,
      base: how.base,
      countedRows: how.countedRows,
      total: Math.round(perRow.sum),
      perRow: perRow.report(),
      contextTokens: how.contextTokens,
      overContext: over.link(),
    }),
  };
}

type CheckReport = Pick<StudyReport, 'roleErrors' | 'pii' | 'toxicity' | 'contamination'>;

function createCheckCounts({ detectors, contamination, taskSets, lists }: StudyParts): {
  add(row: CanonicalRow): void;
  report(): CheckReport;
} {
  const find = createRowPiiFinder(detectors);
  const findings = new Map<string, number>();
  const [pii, roleErrors, hits] = [createNameCounter(lists), createNameCounter(lists), createNameCounter(lists)];
  const toxic = new Map(toxicTiers.map((tier) => [tier, createRowCounter(lists)]));
  return {
    add(row) {
      const found = find(row);
      for (const { kind } of found) findings.set(kind, (findings.get(kind) ?? 0) + 1);
      for (const kind of new Set(found.map((finding) => finding.kind))) pii.add(kind, row.id);
      for (const error of roleErrorsOf(row)) roleErrors.add(error, row.id);
      for (const tier of new Set(textsOf(row).flatMap(({ text }) => toxicTiersOf(text)))) toxic.get(tier)?.add(row.id);
      if (contamination.tasks === 0) return;
      const keys = findContamination(row, contamination).map(({ kind, set }) => `${kind}\n${set}`);
      for (const key of new Set(keys)) hits.add(key, row.id);
    },
    report: () => ({
      roleErrors: roleErrors.all(),
      pii: pii.all().map(({ name, rows }) => ({ kind: name, findings: findings.get(name) ?? 0, rows })),
      toxicity: [...toxic].map(([tier, counter]) => ({ tier, rows: counter.link() })),
      contamination: {
        sets: [...taskSets],
        hits: hits.all().map(({ name, rows }) => {
          const [kind = '', set = ''] = name.split('\n');
          return { set, kind, rows };
        }),
      },
    }),
  };
}

type FactReport = Pick<
  StudyReport,
  'languages' | 'sources' | 'licences' | 'teachers' | 'categories' | 'flags' | 'eligible'
>;

function createFactCounts(lists: RowLists | null): {
  add(row: CanonicalRow, text: string): void;
  report(): FactReport;
} {
  const names = {
    languages: createNameCounter(lists),
    sources: createNameCounter(lists),
    licences: createNameCounter(lists),
    teachers: createNameCounter(lists),
    categories: createNameCounter(lists),
    flags: createNameCounter(lists),
    eligible: createNameCounter(lists),
  } satisfies Record<keyof FactReport, NameCounter>;
  return {
    add(row, text) {
      const { id, source, category, flags } = row;
      names.languages.add(detectLanguage(text).code, id);
      names.sources.add(source.uri, id);
      names.licences.add(source.licence ?? '', id);
      if (source.teacher !== undefined) names.teachers.add(source.teacher, id);
      if (category !== undefined) names.categories.add(category, id);
      for (const code of new Set(flags.map((flag) => flag.code))) names.flags.add(code, id);
      names.eligible.add(String(row.training_eligible), id);
    },
    report: () => ({
      languages: names.languages.all(),
      sources: names.sources.all(),
      licences: names.licences.all(),
      teachers: names.teachers.all(),
      categories: names.categories.all(),
      flags: names.flags.all(),
      eligible: names.eligible.all(),
    }),
  };
}

function notesOf(
  { tokens, contamination, parsedLanguages }: StudyParts,
  duplicates: { exactShare: number; report(): StudyReport['duplicates'] },
): string[] {
  const percent = (share: number): string => (share * 100).toPrecision(2);
  const { comparedShare } = duplicates.report();
  const { counted, base, countedRows } = tokens;
  const aboutTokens =
    counted === 'sampled'
      ? [say('study.tokens-sampled', { base: base ?? '', counted: countedRows })]
      : counted === 'tokenizer'
        ? []
        : [base === null ? say('study.tokens-estimated') : say('study.no-tokenizer', { base })];
  return [
    ...aboutTokens,
    ...(comparedShare < 1 ? [say('study.near-sampled', { percent: percent(comparedShare) })] : []),
    ...(duplicates.exactShare < 1 ? [say('study.exact-sampled', { percent: percent(duplicates.exactShare) })] : []),
    ...(contamination.tasks === 0 ? [say('study.no-tasks')] : []),
    say('study.code-languages', { languages: parsedLanguages.join(', ') }),
    say('study.toxicity-words'),
  ];
}
