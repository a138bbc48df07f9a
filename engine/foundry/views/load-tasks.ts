import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { canonicalRow } from '#contract/rows.ts';
import type { ContaminationTask } from '#core/foundry/contamination/find-contamination.ts';
import { answerTextOf, promptTextOf } from '#core/foundry/row-texts.ts';
import { readLineBatches } from '#native-bridge/datasets/store/row-lines.ts';
import type { TaskFile } from './step-resources.ts';

const text = z.string().max(1_000_000);
/** What of `forge.task/1` can leak; everything else of a task is not read. */
const task = z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String),
  prompt: text,
  gold_answer: text.optional(),
  gold_alternatives: z.array(text).optional(),
  requirements: z.array(z.union([text, z.looseObject({ text: text.optional() })])).optional(),
  guid: z.string().optional(),
  provenance: z.looseObject({ guid: z.string().optional() }).optional(),
});

/** A held-out row of a model is a row without flags and source. */
const heldOutRow = z.looseObject({
  id: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string() })),
});

const largestFileBytes = 512 * 1024 * 1024;
const mostTasks = 500_000;

function taskOf(set: string, value: unknown): ContaminationTask | null {
  const parsed = task.safeParse(value);
  if (!parsed.success) return null;
  const {
    id,
    prompt,
    gold_answer: gold,
    gold_alternatives: others = [],
    requirements = [],
    guid,
    provenance,
  } = parsed.data;
  const required = requirements.map((one) => (typeof one === 'string' ? one : (one.text ?? '')));
  const texts = [prompt, gold ?? '', ...others, ...required].filter((one) => one !== '');
  return { set, id, texts, guid: guid ?? provenance?.guid };
}

function heldOut(set: string, value: unknown): ContaminationTask | null {
  const parsed = heldOutRow.safeParse(value);
  if (!parsed.success) return null;
  const texts = parsed.data.messages.filter(({ role }) => role !== 'system').map(({ content }) => content);
  return { set, id: parsed.data.id, texts };
}

function testRow(set: string, value: unknown): ContaminationTask | null {
  const parsed = canonicalRow.safeParse(value);
  if (!parsed.success || parsed.data.side !== 'test') return null;
  const texts = [promptTextOf(parsed.data), answerTextOf(parsed.data)].filter((one) => one !== '');
  return { set, id: parsed.data.id, texts };
}

const readers = { tasks: taskOf, rows: heldOut, 'test-rows': testRow };

/** The tasks of files; a line that is none is left out, and so is a file that is gone or larger than half a gigabyte. */
export async function loadTasks(files: readonly TaskFile[]): Promise<ContaminationTask[]> {
  const tasks: ContaminationTask[] = [];
  for (const { set, path: file, kind } of files) {
    const found = await stat(file).catch(() => null);
    if (found === null || found.size > largestFileBytes) continue;
    for await (const lines of readLineBatches(file)) {
      for (const { bytes } of lines) {
        const read = bytes.length === 0 ? null : readers[kind](set, parsed(bytes));
        if (read !== null && tasks.length < mostTasks) tasks.push(read);
      }
    }
  }
  return tasks;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** How many tasks each set has. */
export function countSets(tasks: readonly ContaminationTask[]): { set: string; tasks: number }[] {
  return [...Map.groupBy(tasks, ({ set }) => set)].map(([set, own]) => ({ set, tasks: own.length }));
}
