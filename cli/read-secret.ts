import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { usageFailure } from './failure.ts';

/** Far more than any key has; a file piped in by mistake is not read to its end. Bytes. */
const mostBytes = 16_384;

export interface SecretInput {
  /** Standard input of the command. */
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Where the question goes: standard error, so that standard output keeps to the result. */
  readonly ask: (text: string) => void;
}

/**
 * Reads a secret from standard input: asked for on a terminal without showing it, else all that is piped in, less the line end.
 * Null when the person pressed Ctrl-C or Ctrl-D. @throws CommandFailure when nothing came, or far too much
 */
export async function readSecret(name: string, { input, ask }: SecretInput): Promise<string | null> {
  if (input.isTTY === true) return askUnseen(name, { input, ask });
  const text = await readPiped(name, input);
  if (text !== '') return text;
  throw usageFailure(
    `No value for ${name} came on standard input.`,
    `Run \`forge secrets set ${name}\` on a terminal and enter it there, or pipe it in: forge secrets set ${name} < file.`,
  );
}

/** The line editor works as everywhere (backspace, paste); what it would draw goes nowhere. */
function askUnseen(name: string, { input, ask }: SecretInput): Promise<string | null> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  ask(`Value of ${name} (it is not shown): `);
  return new Promise((resolve) => {
    let answer: string | null = null;
    reader.once('line', (line) => {
      answer = line.trim();
      reader.close();
    });
    reader.once('SIGINT', () => reader.close());
    reader.once('close', () => {
      ask('\n');
      resolve(answer);
    });
  });
}

async function readPiped(name: string, input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > mostBytes)
      throw usageFailure(
        `More than ${mostBytes} bytes came on standard input as the value of ${name}.`,
        'Pipe in the key alone, in one line.',
      );
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8').trim();
}
