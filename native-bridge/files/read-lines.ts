import { createReadStream } from 'node:fs';

const lineFeed = 10;

/**
 * The lines of a text file one after the other, without holding more than one. A line longer than the limit is left out; the last one counts
 * also without its line feed. Nothing when there is no such file.
 */
export async function* readLines(file: string, maximumLineBytes: number): AsyncGenerator<string, void, undefined> {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  const keep = (bytes: Buffer): void => {
    keptBytes += bytes.length;
    if (keptBytes <= maximumLineBytes) kept.push(bytes);
    else kept = [];
  };
  const take = (): string | null => {
    const text = keptBytes > maximumLineBytes ? null : Buffer.concat(kept).toString('utf8');
    [kept, keptBytes] = [[], 0];
    return text;
  };
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
        keep(chunk.subarray(start, end));
        start = end + 1;
        const line = take();
        if (line !== null) yield line;
      }
      keep(chunk.subarray(start));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const last = take();
  if (last !== null && last !== '') yield last;
}
