// Calls the engine from inside a page, with the client that the window has, over a WebSocket of its own. `globalThis.forgeWire`.
import { createForgeClient, greetEngine, type ForgeClient } from '#contract/client.ts';
import { createWebSocketLink } from '#contract/wire-link.ts';
import { location } from './page-globals.ts';

export interface PageWire {
  /** Milliseconds that each of `count` calls took, one at a time, after `warmUp` calls that are not counted. */
  timeCalls(count: number, warmUp: number): Promise<readonly number[]>;
  /** Subscribes to a job, reads one batch and cancels. Resolves with the Unix time of the cancelling, ms. */
  cancelOnce(job: string): Promise<number>;
}

let connected: Promise<ForgeClient> | null = null;

async function connect(): Promise<ForgeClient> {
  const socket = new WebSocket(new URL('/rpc', location.href.replace(/^http/, 'ws')));
  const client = createForgeClient(createWebSocketLink(socket));
  await greetEngine(client, 'page');
  return client;
}

function client(): Promise<ForgeClient> {
  connected ??= connect();
  return connected;
}

const wire: PageWire = {
  async timeCalls(count, warmUp) {
    const { engine } = await client();
    for (let call = 0; call < warmUp; call += 1) await engine.status();
    const tookMs: number[] = [];
    for (let call = 0; call < count; call += 1) {
      const began = performance.now();
      await engine.status();
      tookMs.push(performance.now() - began);
    }
    return tookMs;
  },
  async cancelOnce(job) {
    const { runs } = await client();
    const stop = new AbortController();
    let cancelledAt = 0;
    try {
      for await (const batch of await runs.subscribe({ job }, { signal: stop.signal })) {
        if (batch.events.length === 0) continue;
        cancelledAt = performance.timeOrigin + performance.now();
        stop.abort();
      }
    } catch (error) {
      // The cancelled call rejects, as it should; anything before the cancelling is a failure.
      if (cancelledAt === 0) throw error;
    }
    return cancelledAt;
  },
};

Object.assign(globalThis, { forgeWire: wire });
