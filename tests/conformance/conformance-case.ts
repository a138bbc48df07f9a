import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { isForgeError } from '#contract/client.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { LogFields } from '#core/ports/logger.ts';
import { fakeJob, type FakeEngine } from './fake-engine.ts';
import type { OpenWire, WireClient } from './wires.ts';

export interface Scene {
  readonly wire: OpenWire;
  readonly engine: FakeEngine;
  readonly log: { fields: LogFields; message: string }[];
  /** A connection that has said hello. */
  greeted(): Promise<WireClient>;
}

/** What holds on every wire. */
export interface Case {
  readonly name: string;
  /** Only where calls travel as messages. */
  readonly needsMessages?: boolean;
  run(scene: Scene): Promise<void>;
}

export const subscribe = (connection: WireClient, after: number, signal?: AbortSignal) =>
  connection.client.runs.subscribe({ job: fakeJob, after }, signal === undefined ? {} : { signal });

export async function forgeErrorOf(call: Promise<unknown>): Promise<ForgeErrorData> {
  const error = await call.then(
    () => assert.fail('the call was to be refused'),
    (thrown: unknown) => thrown,
  );
  const data = isForgeError(error);
  assert.ok(data !== null, `not an expected error: ${String(error)}`);
  return data;
}

export async function withinMs(limitMs: number, isSo: () => boolean): Promise<void> {
  const until = performance.now() + limitMs;
  while (!isSo() && performance.now() < until) await delay(2);
  assert.ok(isSo(), `not so within ${limitMs} ms`);
}

export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
