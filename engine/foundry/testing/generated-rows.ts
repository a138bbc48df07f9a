import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { mulberry32 } from '#core/random/mulberry32.ts';

/** How many of the generated records must end how. */
export interface GeneratedRows {
  readonly seen: number;
  readonly rejected: number;
  readonly merged: number;
}

const pieceLines = 2_000;

/** Writes JSON Lines of which about one in a hundred is broken, one in fifty repeats an earlier one, and one in ten shares its id. */
export async function generateRows(file: string, count: number, seed: number): Promise<GeneratedRows> {
  const random = mulberry32(seed);
  const output = createWriteStream(file);
  const first = new Map<number, string>();
  let [rejected, merged] = [0, 0];
  const nextLine = (index: number): string => {
    const dice = random();
    if (dice < 0.01) {
      rejected += 1;
      return `{"question": "cut ${index}", "answer": `;
    }
    const repeated = first.get(Math.floor(random() * 1_000));
    if (dice < 0.03 && repeated !== undefined) {
      merged += 1;
      return repeated;
    }
    const question = `Question ${index} about ${Math.floor(random() * 1e9).toString(36)}, "quoted", é 東京?`;
    const answer = `Answer ${index}: ${'word '.repeat(Math.floor(random() * 40) + 1)}`;
    const line = JSON.stringify({ id: `row-${Math.floor(index / 1.1)}`, question, answer });
    if (first.size < 1_000) first.set(first.size, line);
    return line;
  };
  for (let index = 0; index < count; index += pieceLines) {
    const lines = Array.from({ length: Math.min(pieceLines, count - index) }, (_, step) => nextLine(index + step));
    if (!output.write(`${lines.join('\n')}\n`)) await once(output, 'drain');
  }
  output.end();
  await finished(output);
  return { seen: count, rejected, merged };
}
