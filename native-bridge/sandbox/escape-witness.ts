import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { CanonicalRow } from '#contract/rows.ts';
import { escapeAttemptsFile } from './app-files.ts';

/** What stands outside and sees whether something got out: never the script's own word. */
export interface EscapeWitness {
  /** The attempts as a script (`escape_attempts.py`), told about this witness. */
  readonly source: string;
  readonly secret: string;
  /** What was seen since `start`, in words; empty when the sandbox held. */
  seen(answers: readonly string[]): string[];
  close(): Promise<void>;
}

/** A row that asks for one attempt. */
export function attemptRow(attempt: string): CanonicalRow {
  return {
    ...{ id: attempt, kind: 'text', text: attempt, group: attempt, training_eligible: true, flags: [] },
    source: { type: 'script', uri: 'escape attempts' },
  };
}

async function listen(): Promise<{ port: number; count: () => number; close: () => void }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // A witness that sees nothing would let everything pass: it is tried first.
  const trial = connect(port, '127.0.0.1');
  await once(trial, 'close');
  if (connections !== 1) throw new Error('the listener that is to see escapes does not see its own trial');
  return { port, count: () => connections - 1, close: () => server.close() };
}

/** Sets up a listener, a file and an environment variable with a secret, and the name of a file that must not appear. */
export async function startEscapeWitness(): Promise<EscapeWitness> {
  const secret = randomBytes(12).toString('hex');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'forge-escape-'));
  const secretFile = path.join(folder, 'secret.txt');
  const witnessFile = path.join(folder, 'witness');
  await writeFile(secretFile, `the secret is ${secret}\n`);
  // Only who can list the folder learns this name.
  await writeFile(path.join(folder, `name-${secret}`), '');
  const variable = `FORGE_ESCAPE_${secret.slice(0, 6)}`;
  process.env[variable] = secret;
  const listener = await listen();
  const facts = JSON.stringify({ secretFile, witnessFile, port: listener.port });
  const attempts = await readFile(escapeAttemptsFile(), 'utf8');
  return {
    secret,
    source: attempts.replace('json.loads("{}")', () => `json.loads(${JSON.stringify(facts)})`),
    seen(answers) {
      const said = answers.join('\n');
      return [
        ...(said.includes(secret) ? ['a secret of this machine came back'] : []),
        ...(listener.count() > 0 ? [`a listener was reached (${listener.count()} connections)`] : []),
        ...(existsSync(witnessFile) ? ['a file was made or a program started'] : []),
        ...(answers.some((text) => text.startsWith('OUT')) ? ['what must be refused was allowed'] : []),
      ];
    },
    async close() {
      delete process.env[variable];
      listener.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
