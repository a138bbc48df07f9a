import { closeSync, fdatasyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { jobTransition, type JobTransition } from '#contract/job-transition.ts';
import {
  attemptSpec,
  exitFile,
  jobFile,
  resultFile,
  type AttemptSpec,
  type ExitFile,
  type JobFile,
  type ResultFile,
} from '#contract/jobs.ts';
import { writeJsonAtomic } from './write-file-atomic.ts';

/** Folder of a job: `<home>/runs/<job>`. */
export const jobDirectory = (home: string, jobId: string): string => join(home, 'runs', jobId);

/** Folder of an attempt: what a worker is given as its only argument. */
export const attemptDirectory = (home: string, jobId: string, attempt: number): string =>
  join(jobDirectory(home, jobId), 'attempts', String(attempt));

/** Names of the files in an attempt directory (docs/worker-protocol.md). */
export const attemptFiles = {
  spec: 'spec.json',
  worker: 'worker.json',
  events: 'events.jsonl',
  console: 'console.log',
  control: 'control',
  checkpoints: 'checkpoints',
  outputs: 'outputs',
  result: 'result.json',
  exit: 'exit.json',
} as const;

export type ControlCommand =
  { readonly command: 'stop' | 'pause'; readonly keep: 'best' | 'none' } | { readonly command: 'finish' };

/** A file of a run that another program may have damaged: absent, unreadable, or its content. */
export type RunFile<T> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'read'; readonly value: T };

/** Ids of the jobs that have a folder, in no order. */
export async function listJobDirectories(home: string): Promise<readonly string[]> {
  const entries = await readdir(join(home, 'runs'), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Makes the folder of a job and its job.json. */
export function createJobDirectory(home: string, file: JobFile): void {
  const directory = jobDirectory(home, file.job);
  mkdirSync(join(directory, 'attempts'), { recursive: true });
  writeSynced(join(directory, 'job.json'), 'w', `${JSON.stringify(file, null, 2)}\n`);
}

/** Appends a line to transitions.jsonl and waits until it is on the disk; half a line left by a crash is ended first. */
export function appendTransition(home: string, jobId: string, line: JobTransition): void {
  const path = join(jobDirectory(home, jobId), 'transitions.jsonl');
  const torn = !endsWithNewline(path);
  writeSynced(path, 'a', `${torn ? '\n' : ''}${JSON.stringify(line)}\n`);
}

/** The whole lines of transitions.jsonl, oldest first; what is not a line of it is left out. */
export async function readTransitions(home: string, jobId: string): Promise<readonly JobTransition[]> {
  const text = await readText(join(jobDirectory(home, jobId), 'transitions.jsonl'));
  const byRevision = new Map<number, JobTransition>();
  for (const line of (text ?? '').split('\n')) {
    const parsed = parseJson(line, jobTransition);
    if (parsed.kind === 'read') byRevision.set(parsed.value.revision, parsed.value);
  }
  return [...byRevision.values()].toSorted((one, other) => one.revision - other.revision);
}

export async function readJobFile(home: string, jobId: string): Promise<RunFile<JobFile>> {
  return readParsed(join(jobDirectory(home, jobId), 'job.json'), jobFile);
}

export async function readResultFile(directory: string): Promise<RunFile<ResultFile>> {
  return readParsed(join(directory, attemptFiles.result), resultFile);
}

export async function readSpec(directory: string): Promise<RunFile<AttemptSpec>> {
  return readParsed(join(directory, attemptFiles.spec), attemptSpec);
}

/** Makes an attempt directory with its spec.json. An existing spec is never changed: then this does nothing. */
export async function createAttemptDirectory(spec: AttemptSpec): Promise<void> {
  for (const name of [attemptFiles.control, attemptFiles.checkpoints, attemptFiles.outputs]) {
    await mkdir(join(spec.directory, name), { recursive: true });
  }
  const path = join(spec.directory, attemptFiles.spec);
  if ((await readText(path)) === null) await writeJsonAtomic(path, spec);
}

/** Puts a command file where the worker polls: `control/<n>-<command>.json`, n counting up. */
export async function writeControl(directory: string, { command, ...fields }: ControlCommand): Promise<void> {
  const folder = join(directory, attemptFiles.control);
  await mkdir(folder, { recursive: true });
  const numbers = (await readdir(folder)).map((name) => Number.parseInt(name, 10)).filter(Number.isInteger);
  const number = String(Math.max(0, ...numbers) + 1).padStart(4, '0');
  await writeJsonAtomic(join(folder, `${number}-${command}.json`), { v: 1, command, ...fields });
}

/** exit.json, read at once: the job host decides in one step between "ended" and "vanished". */
export function readExitFile(directory: string): ExitFile | null {
  try {
    return exitFile.parse(JSON.parse(readFileSync(join(directory, attemptFiles.exit), 'utf8')));
  } catch {
    // Written with a rename by the launcher: absent or damaged both mean that the exit code is not known.
    return null;
  }
}

async function readParsed<T>(path: string, schema: z.ZodType<T>): Promise<RunFile<T>> {
  const text = await readText(path);
  return text === null ? { kind: 'absent' } : parseJson(text, schema);
}

function parseJson<T>(text: string, schema: z.ZodType<T>): RunFile<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: 'damaged', reason: (error as Error).message };
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? { kind: 'read', value: parsed.data } : { kind: 'damaged', reason: parsed.error.message };
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function endsWithNewline(path: string): boolean {
  try {
    const text = readFileSync(path);
    return text.length === 0 || text[text.length - 1] === 0x0a;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
}

function writeSynced(path: string, flag: 'w' | 'a', text: string): void {
  const file = openSync(path, flag);
  try {
    writeSync(file, text);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}
