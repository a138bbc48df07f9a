import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';

const words =
  'the engine reads every row of a table as it stands and says of each one it leaves out why it does so and where it was'.split(
    ' ',
  );

/** A multiplicative congruential generator (Lehmer, 48271): the same rows on every machine. */
function createRandom(): (below: number) => number {
  let state = 20_261_121;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

function text(random: (below: number) => number, length: number): string {
  return Array.from({ length }, () => words[random(words.length)]).join(' ');
}

function cell(value: string): string {
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Two files with the same rows of about 600 bytes: some with quotes, commas, line ends and letters outside ASCII, as people's files have them. */
export async function writeDataFiles(paths: { csv: string; jsonl: string }, rows: number): Promise<void> {
  const random = createRandom();
  const [csv, jsonl] = [createWriteStream(paths.csv), createWriteStream(paths.jsonl)];
  csv.write('id,prompt,answer,label\n');
  for (let id = 0; id < rows; id += 1) {
    const prompt = `${text(random, 30)}${id % 5 === 0 ? ', "as said",' : ''}${id % 7 === 0 ? '\nand so on' : ''}?`;
    const answer = `${text(random, 85)}${id % 10 === 0 ? ' für alle' : ''}.`;
    const label = ['a', 'b', 'c'][random(3)] ?? '';
    csv.write(`${id},${cell(prompt)},${cell(answer)},${label}\n`);
    const isRoom = jsonl.write(`${JSON.stringify({ id, prompt, answer, label })}\n`);
    if (!isRoom) await once(jsonl, 'drain');
  }
  csv.end();
  jsonl.end();
  await Promise.all([finished(csv), finished(jsonl)]);
}

/** A file of at least `bytes`, the given one again and again. */
export async function writeLargeFile(from: string, to: string, bytes: number): Promise<void> {
  const part = await readFile(from);
  await rm(to, { force: true });
  for (let written = 0; written < bytes; written += part.length) await appendFile(to, part);
}
