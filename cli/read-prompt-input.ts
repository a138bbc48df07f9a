import { usageFailure } from './failure.ts';

/** Longest prompt read from standard input. */
const longestPromptBytes = 1_000_000;

/** A prompt from standard input. @throws a usage failure above 1 MB */
export async function readPromptInput(stream: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > longestPromptBytes) throw usageFailure('The prompt on standard input is over 1 MB.', 'Shorten it.');
  }
  return Buffer.concat(chunks).toString('utf8').trim();
}
