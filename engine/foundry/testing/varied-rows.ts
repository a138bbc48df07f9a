import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { mulberry32 } from '#core/random/mulberry32.ts';

const common =
  'the of and to in is that it for was on are with as be at this have from or by not but what all were when we there can an your which their if do will each about how up out them then she many some so'.split(
    ' ',
  );

/** Whole numbers below a limit, the same for the same seed. */
export function numbers(seed: number): (below: number) => number {
  const next = mulberry32(seed);
  return (below) => Math.floor(next() * below);
}

/** Some words of natural frequency. */
function textFrom(below: (limit: number) => number): (words: number) => string {
  const word = (): string => (below(4) === 0 ? `term${below(60_000)}` : (common[below(common.length)] ?? ''));
  return (words) => Array.from({ length: words }, word).join(' ');
}

const pieceRows = 2_000;

/** Rows of some fifty words for every check to find something in: near copies, addresses, refusals, answers with code. The same seed gives the same file. */
export async function writeVariedRows(file: string, count: number, seed: number): Promise<void> {
  const below = numbers(seed);
  const text = textFrom(below);
  const earlier: { prompt: string; answer: string }[] = [];
  const nextRow = (index: number): { prompt: string; answer: string } => {
    const near = index % 10 === 9 ? earlier[below(earlier.length)] : undefined;
    if (near !== undefined) return { prompt: near.prompt, answer: `${near.answer} ${text(1)}` };
    if (index % 100 === 50)
      return { prompt: `${text(12)}?`, answer: `I'm sorry, but I can't help with that ${index}.` };
    const more = index % 50 === 25 ? ` Write to person${index}@example.org.` : '';
    const code = index % 40 === 3 ? `\n\`\`\`python\nprint(${index})\n\`\`\`` : '';
    const row = { prompt: `${text(12)}?`, answer: `${text(40)}.${more}${code}` };
    if (earlier.length < 2_000) earlier.push(row);
    return row;
  };
  const output = createWriteStream(file);
  for (let index = 0; index < count; index += pieceRows) {
    const piece = Array.from({ length: Math.min(pieceRows, count - index) }, (_, step) =>
      JSON.stringify(nextRow(index + step)),
    );
    if (!output.write(`${piece.join('\n')}\n`)) await once(output, 'drain');
  }
  output.end();
  await finished(output);
}

const paragraphsPerDocument = 100;

/** A folder of text documents with so many paragraphs in all, each long enough to become a row of its own. */
export async function writeDocuments(folder: string, paragraphs: number, seed: number): Promise<void> {
  const text = textFrom(numbers(seed));
  await mkdir(folder, { recursive: true });
  for (let written = 0; written < paragraphs; written += paragraphsPerDocument) {
    const parts = Array.from({ length: Math.min(paragraphsPerDocument, paragraphs - written) }, () => text(40));
    await writeFile(path.join(folder, `document-${written}.txt`), parts.join('\n\n'));
  }
}
