import type { DatasetRow, RowFlag, RowMessage } from '#contract/datasets.ts';
import type { ConvertedRecord } from './convert-record.ts';
import { checkMessages, cleanText, type Refusal } from './message-rules.ts';
import { answerOf, foldText, promptMessagesOf } from './row-parts.ts';

/** Keeps the checked rows, merges exact duplicates, and remembers which rows contradict one another. */
export interface RowCollector {
  /** Checks and keeps one record. Returns why it was refused, or undefined when it was kept or merged. */
  add(record: CollectedRecord, line: number, flags: readonly RowFlag[]): Refusal | undefined;
  rows(): DatasetRow[];
  /** The group each row was given by its file, in the order of `rows`. */
  givenGroups(): (string | undefined)[];
  /** Groups that hold copies of one row, so they must stay together. */
  sameGroups(): [string, string][];
  duplicates(): number;
  /** Flags rows with an equal prompt and another answer; returns how many. */
  markContradictions(): number;
}

export interface CollectedRecord extends ConvertedRecord {
  /** A passage that is learned whole. */
  readonly text?: string;
}

interface CollectorOptions {
  readonly sourceName: string;
  readonly digest: (text: string) => string;
  readonly systemPrompt: string | undefined;
}

const idCharacters = 32;

function cleanMessages(messages: readonly RowMessage[]): { messages: RowMessage[]; flags: Set<RowFlag> } {
  const flags = new Set<RowFlag>();
  const cleaned = messages.map((message) => {
    const { text, flags: found } = cleanText(message.content);
    for (const flag of found) flags.add(flag);
    return { ...message, content: text };
  });
  return { messages: cleaned, flags };
}

function withSystem(messages: RowMessage[], systemPrompt: string | undefined): RowMessage[] {
  if (systemPrompt === undefined || messages[0]?.role === 'system') return messages;
  return [{ role: 'system', content: systemPrompt }, ...messages];
}

function addFlag(row: DatasetRow, flag: RowFlag): void {
  row.flags = [...(row.flags ?? []), flag];
}

export function createRowCollector(options: CollectorOptions): RowCollector {
  const rows: DatasetRow[] = [];
  const given: (string | undefined)[] = [];
  const indexById = new Map<string, number>();
  const sameGroups: [string, string][] = [];
  let duplicates = 0;

  function merge(index: number, group: string | undefined): void {
    duplicates += 1;
    const first = given[index];
    if (first === undefined) given[index] = group;
    else if (group !== undefined && group !== first) sameGroups.push([first, group]);
  }

  return {
    add(record, line, sourceFlags) {
      const { messages: cleaned, flags } = cleanMessages(record.messages);
      const messages = withSystem(cleaned, options.systemPrompt);
      const refusal = checkMessages(messages);
      if (refusal !== undefined) return refusal;
      for (const flag of sourceFlags) flags.add(flag);
      const content = messages.map(({ role, content: text, weight }) => [role, text, weight ?? 1]);
      const id = options.digest(JSON.stringify(['sft', content])).slice(0, idCharacters);
      const earlier = indexById.get(id);
      if (earlier !== undefined) {
        merge(earlier, record.group);
        return undefined;
      }
      indexById.set(id, rows.length);
      given.push(record.group);
      const source = { name: options.sourceName, line, ...(record.id === undefined ? {} : { id: record.id }) };
      const passage = record.text === undefined ? {} : { text: record.text };
      const remarks = flags.size === 0 ? {} : { flags: [...flags] };
      rows.push({ id, kind: 'sft', messages, group: id, ...passage, source, ...remarks });
      return undefined;
    },
    rows: () => rows,
    givenGroups: () => given,
    sameGroups: () => sameGroups,
    duplicates: () => duplicates,
    markContradictions() {
      const byPrompt = Map.groupBy(rows, (row) =>
        options.digest(JSON.stringify(promptMessagesOf(row).map(({ role, content }) => [role, foldText(content)]))),
      );
      const contradicting = [...byPrompt.values()].filter(
        (same) => new Set(same.map((row) => foldText(answerOf(row)))).size > 1,
      );
      for (const row of contradicting.flat()) addFlag(row, 'CONTRADICTION');
      return contradicting.flat().length;
    },
  };
}
