import { spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');

/** How a command ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Runs an npm script of the project on a home as a person types it; progress is shown while it runs. */
export function npmCommand(script: string, words: readonly string[], home: string): Promise<Finished> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', script, '--', ...words, '--home', home], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Another engine of this machine may hold the default port.
      env: { ...process.env, FORGE_SERVER_PORT: '0', OLLAMA_HOST: 'http://127.0.0.1:9' },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString('utf8')));
    child.stderr.on('data', (bytes: Buffer) => {
      stderr += bytes.toString('utf8');
      process.stderr.write(bytes);
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve({ code, stdout, stderr, seconds: (performance.now() - started) / 1000 }));
  });
}
