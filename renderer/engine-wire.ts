import { createORPCClient } from '@orpc/client';
import type { ForgeClient } from '#contract/client.ts';
import { createWebSocketLink } from '#contract/wire-link.ts';

export type WireState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly retrySeconds: number }
  /** Nothing that waiting would mend: a wrong token or another version. */
  | { readonly kind: 'refused'; readonly sentence: string };

export interface WireListener {
  onState(state: WireState): void;
  /** Called for every connection that was greeted; `signal` aborts when it is lost. Rejecting ends that connection. */
  onConnected(client: ForgeClient, signal: AbortSignal): Promise<void>;
}

const appVersion = 'page';
const longestWaitSeconds = 8;

/** Keeps one connection to the engine that served this page, for as long as the page lives. */
export async function keepConnected(listener: WireListener): Promise<void> {
  let waitSeconds = 1;
  for (;;) {
    listener.onState({ kind: 'connecting' });
    const outcome = await holdConnection(listener);
    if (outcome.kind === 'refused') return listener.onState(outcome);
    if (outcome.wasLive) waitSeconds = 1;
    listener.onState({ kind: 'lost', retrySeconds: waitSeconds });
    await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000));
    waitSeconds = Math.min(longestWaitSeconds, waitSeconds * 2);
  }
}

type Outcome = { kind: 'lost'; wasLive: boolean } | { kind: 'refused'; sentence: string };

async function holdConnection(listener: WireListener): Promise<Outcome> {
  const socket = new WebSocket(new URL('/rpc', location.href.replace(/^http/, 'ws')));
  const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()));
  const gone = new AbortController();
  const client: ForgeClient = createORPCClient(createWebSocketLink(socket));
  try {
    await client.engine.hello({ protocol: pageProtocol(), appVersion });
  } catch (error) {
    socket.close();
    return (await refusalOf(error)) ?? { kind: 'lost', wasLive: false };
  }
  listener.onState({ kind: 'live' });
  listener.onConnected(client, gone.signal).catch((error: unknown) => {
    if (!gone.signal.aborted) console.warn('The engine could not be followed.', error);
    socket.close();
  });
  await closed;
  gone.abort();
  return { kind: 'lost', wasLive: true };
}

/** The engine writes its protocol into the page it serves: an old tab then learns that it is old. */
function pageProtocol(): number {
  return Number(document.querySelector('meta[name="forge-protocol"]')?.getAttribute('content'));
}

/** A refused upgrade says nothing to a page, so the page asks for itself over HTTP. */
async function refusalOf(error: unknown): Promise<Outcome | null> {
  if (hasCode(error, 'FORGE'))
    return { kind: 'refused', sentence: 'The engine has another version than this page. Load the page again.' };
  const answer = await fetch('/', { method: 'HEAD' }).catch(() => null);
  if (answer === null || (answer.status !== 401 && answer.status !== 403)) return null;
  return {
    kind: 'refused',
    sentence: 'The engine was started anew. Run forge ui in a terminal and open the address it prints.',
  };
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
