import { open, type FileHandle } from 'node:fs/promises';

const blockBytes = 65_536;
const lineFeed = 10;

/**
 * The lines of a text file from the last to the first, read in blocks from the end. A line longer than the limit comes as its first bytes, which is to
 * say as no whole line; blank lines are left out. Nothing when there is no such file. What is appended meanwhile is not seen.
 */
export async function* readLinesBackward(
  path: string,
  maximumLineBytes: number,
): AsyncGenerator<string, void, undefined> {
  const file = await openIfThere(path);
  if (file === null) return;
  try {
    let position = (await file.stat()).size;
    /** The beginning of the line that the block before ended in: its front comes with the blocks still to be read. */
    let rest: Buffer = Buffer.alloc(0);
    while (position > 0) {
      const block = await readBlock(file, Math.max(0, position - blockBytes), position);
      position = Math.max(0, position - blockBytes);
      let end = block.length;
      for (
        let feed = block.lastIndexOf(lineFeed);
        feed >= 0;
        feed = feed === 0 ? -1 : block.lastIndexOf(lineFeed, feed - 1)
      ) {
        yield* textOf(Buffer.concat([block.subarray(feed + 1, end), rest]), maximumLineBytes);
        rest = Buffer.alloc(0);
        end = feed;
      }
      rest = Buffer.concat([block.subarray(0, end), rest]).subarray(0, maximumLineBytes + 1);
    }
    yield* textOf(rest, maximumLineBytes);
  } finally {
    await file.close();
  }
}

function* textOf(line: Buffer, maximumLineBytes: number): Generator<string> {
  const text = line.subarray(0, maximumLineBytes).toString('utf8');
  if (text.trim() !== '') yield text;
}

async function readBlock(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const block = Buffer.alloc(end - start);
  const { bytesRead } = await file.read(block, 0, block.length, start);
  return block.subarray(0, bytesRead);
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
