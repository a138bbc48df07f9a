import type { CanonicalRow, CheckFlag } from '#contract/rows.ts';
import { textsOf, type RowText } from '../row-texts.ts';
import { createWordBuffer, scanWords } from '../words.ts';
import { createKeyTable, type KeyTable } from './key-table.ts';
import { eachNgram, ngramLengthOf, ngramLengths, wholeKey } from './n-grams.ts';
import { createSimilarTasks } from './similar-tasks.ts';

/** A task of a benchmark, or a row of a split that was held out for measuring one of our own models. */
export interface ContaminationTask {
  readonly set: string;
  readonly id: string;
  /** Prompt, gold answer, requirements. */
  readonly texts: readonly string[];
  /** The canary that every line of a Forge benchmark carries. */
  readonly guid?: string | undefined;
}

/** `n-gram`, `whole` and `canary` are certain; `similar` is proposed for review. */
export const contaminationKinds = ['n-gram', 'whole', 'canary', 'similar'] as const;
export type ContaminationKind = (typeof contaminationKinds)[number];

export interface ContaminationHit {
  readonly kind: ContaminationKind;
  readonly set: string;
  readonly id: string;
  readonly place: string;
  /** Number of n-grams that both hold; similarity above 0.8 for `similar`; 1 for the others. */
  readonly score: number;
}

/**
 * The texts of tasks, made ready to be compared with every row (D-12): n-grams of 13 words (8 for short texts) under 64-bit keys, canaries, and the words
 * of each text for those that were only rephrased. An n-gram that many tasks of a set share is the wording of the set and left out.
 */
export interface ContaminationIndex {
  /** Each task once for each text and kind; nothing `similar` where something is certain. */
  check(texts: readonly RowText[]): readonly ContaminationHit[];
  readonly tasks: number;
  readonly ngrams: number;
}

/** An n-gram in at least so many tasks of a set, and in this share of them, is its wording and no task. */
const [wordingTasks, wordingShare] = [4, 0.05];
const guidPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

export function createContaminationIndex(tasks: readonly ContaminationTask[]): ContaminationIndex {
  const words = createWordBuffer();
  const similar = createSimilarTasks();
  const { table, lengths } = indexNgrams(tasks);
  const guids = new Map(tasks.flatMap(({ guid }, task) => (guid === undefined ? [] : [[guid.toLowerCase(), task]])));
  tasks.forEach(({ set, texts }, task) => {
    for (const text of texts) {
      scanWords(text, words);
      similar.add(words, task, set);
    }
  });
  const hitOf = (task: number, hit: Pick<ContaminationHit, 'kind' | 'place' | 'score'>): ContaminationHit => ({
    ...hit,
    set: tasks[task]?.set ?? '',
    id: tasks[task]?.id ?? '',
  });
  const sharedNgrams = (): Map<number, number> => {
    const shared = new Map<number, number>();
    const countTask = (task: number): void => void shared.set(task, (shared.get(task) ?? 0) + 1);
    for (const length of lengths) eachNgram(words, length, (high, low) => table.find(high, low, countTask));
    return shared;
  };
  const certain = ({ place, role, text }: RowText): ContaminationHit[] => {
    const hits: ContaminationHit[] = [];
    for (const [task, score] of sharedNgrams()) hits.push(hitOf(task, { kind: 'n-gram', place, score }));
    if (role !== 'assistant' && ngramLengthOf(words) === 'whole') {
      const { high, low } = wholeKey(words);
      table.find(high, low, (task) => void hits.push(hitOf(task, { kind: 'whole', place, score: 1 })));
    }
    if (guids.size > 0) {
      for (const [guid] of text.matchAll(guidPattern)) {
        const task = guids.get(guid.toLowerCase());
        if (task !== undefined) hits.push(hitOf(task, { kind: 'canary', place, score: 1 }));
      }
    }
    return hits;
  };
  return {
    tasks: tasks.length,
    ngrams: table.size,
    check(texts) {
      return texts.flatMap((text) => {
        scanWords(text.text, words);
        const hits = certain(text);
        if (hits.length > 0) return hits;
        const found = similar.find(words);
        return found === null
          ? []
          : [hitOf(found.task, { kind: 'similar', place: text.place, score: found.similarity })];
      });
    },
  };
}

/** The n-grams of all tasks, set by set, without the wording of each set; and the lengths that occur among them. */
function indexNgrams(tasks: readonly ContaminationTask[]): {
  readonly table: KeyTable;
  readonly lengths: readonly number[];
} {
  const table = createKeyTable();
  const used = new Set<number>();
  const words = createWordBuffer();
  for (const indexes of Map.groupBy(tasks.keys(), (task) => tasks[task]?.set).values()) {
    const ofSet = createKeyTable();
    for (const task of indexes) {
      for (const text of tasks[task]?.texts ?? []) {
        scanWords(text, words);
        const length = ngramLengthOf(words);
        if (length === 'whole') ofSet.count(wholeKey(words), task);
        if (typeof length !== 'number') continue;
        used.add(length);
        eachNgram(words, length, (high, low) => ofSet.count({ high, low }, task));
      }
    }
    const limit = Math.max(wordingTasks, indexes.length * wordingShare);
    for (const entry of ofSet.entries()) if (entry.tasks < limit) table.add(entry, entry.value);
  }
  return { table, lengths: ngramLengths.filter((length) => used.has(length)) };
}

export const contaminationCheck = 'contamination';

/** What a row shares with tasks. */
export function findContamination(row: CanonicalRow, index: ContaminationIndex): readonly ContaminationHit[] {
  return index.check(textsOf(row));
}

/** Hits as flags of the row; the code names kind, set and task. */
export function contaminationFlags(hits: readonly ContaminationHit[]): CheckFlag[] {
  return hits.map(({ kind, set, id, place, score }) => ({
    check: contaminationCheck,
    code: `${kind}:${set}/${id}`,
    place,
    score,
  }));
}
