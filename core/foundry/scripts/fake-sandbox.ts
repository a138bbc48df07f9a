import type { CanonicalRow } from '#contract/rows.ts';
import type { Sandbox, ScriptStop } from './sandbox.ts';

/** What a fake script gives for a row; it may throw a stop. */
export type FakeTransform = (row: CanonicalRow, place: number, session: number) => readonly unknown[];

export interface FakeSandboxOptions {
  readonly transform: FakeTransform;
  readonly unfit?: string;
  /** Instead of a session. */
  readonly startStop?: ScriptStop;
  /** A message of rows is not answered before this resolves, or the signal aborts. */
  readonly answering?: Promise<void>;
}

/** A sandbox for tests of what is around it. Counts its sessions and those that are still open. */
export function createFakeSandbox(options: FakeSandboxOptions): Sandbox & { started: number; open: number } {
  const fake = {
    ...{ name: 'bubblewrap' as const, label: 'Fake', started: 0, open: 0 },
    probe: () =>
      Promise.resolve(
        options.unfit === undefined
          ? { isFit: true as const, detail: 'for tests' }
          : { isFit: false as const, detail: options.unfit },
      ),
    start(_program: unknown, signal?: AbortSignal) {
      if (options.startStop !== undefined) return Promise.resolve(options.startStop);
      fake.started += 1;
      fake.open += 1;
      const session = fake.started;
      const aborted = new Promise<void>((resolve) =>
        signal?.addEventListener('abort', () => resolve(), { once: true }),
      );
      return Promise.resolve({
        async transform(rows: readonly CanonicalRow[], first: number) {
          if (options.answering !== undefined) await Promise.race([options.answering, aborted]);
          if (signal?.aborted === true) return fakeStop('crash', 'it was stopped', null);
          const results: (readonly unknown[])[] = [];
          for (const [index, row] of rows.entries()) {
            try {
              results.push(options.transform(JSON.parse(JSON.stringify(row)) as CanonicalRow, first + index, session));
            } catch (stop) {
              return { ...(stop as ScriptStop), row: index };
            }
          }
          return { kind: 'answer' as const, results, printed: first === 0 ? 'hello' : '' };
        },
        close() {
          fake.open -= 1;
          return Promise.resolve();
        },
      });
    },
  };
  return fake;
}

export function fakeStop(why: ScriptStop['why'], reason: string, row: number | null = 0): ScriptStop {
  return { kind: 'stopped', why, row, reason, traceback: 'Traceback: line 3' };
}
