import { createForgeClient, greetEngine, isForgeError, type ForgeClient, type ForgeLink } from '#contract/client.ts';
import { protocolVersion } from '#contract/protocol-version.ts';

export type WireState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly retrySeconds: number }
  | RefusedWire;

/** Nothing that waiting would mend: the engine is of another version than the window, or this address is no longer let in. */
export interface RefusedWire {
  readonly kind: 'refused';
  readonly reason: 'older-engine' | 'newer-engine' | 'door';
  /** Whether there is anything on the screen that came over an earlier connection. */
  readonly wasLive: boolean;
}

/** One wire: a link that is open or opening, and when it ended. */
export interface EngineWire {
  readonly link: ForgeLink;
  readonly closed: Promise<void>;
  close(): void;
}

/** How this window reaches its engine: a WebSocket in the browser, a message port in the desktop shell. */
export interface EngineWires {
  open(): Promise<EngineWire>;
  /** Asked after a connection that never came to life: has the engine's door refused us for good? */
  isRefused(): Promise<boolean>;
}

export interface WireListener {
  onState(state: WireState): void;
  /** Called for every connection that was greeted; `signal` aborts when it is lost. */
  onConnected(client: ForgeClient, signal: AbortSignal): void;
}

const firstWaitSeconds = 1;
const longestWaitSeconds = 8;

/** Keeps one connection to the engine for as long as the window lives; resolves only when the engine refuses it for good. */
export async function keepConnected(wires: EngineWires, listener: WireListener, appVersion: string): Promise<void> {
  let waitSeconds = firstWaitSeconds;
  let wasLive = false;
  for (;;) {
    listener.onState({ kind: 'connecting' });
    const outcome = await holdConnection(wires, listener, appVersion);
    if (outcome === 'was-live') {
      waitSeconds = firstWaitSeconds;
      wasLive = true;
    } else if (outcome !== 'never-live') {
      return listener.onState({ kind: 'refused', reason: outcome, wasLive });
    }
    listener.onState({ kind: 'lost', retrySeconds: waitSeconds });
    await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000));
    waitSeconds = Math.min(longestWaitSeconds, waitSeconds * 2);
  }
}

type Outcome = 'was-live' | 'never-live' | RefusedWire['reason'];

async function holdConnection(wires: EngineWires, listener: WireListener, appVersion: string): Promise<Outcome> {
  const gone = new AbortController();
  let wire: EngineWire | null = null;
  try {
    wire = await wires.open();
    const client = createForgeClient(wire.link);
    await greetEngine(client, appVersion);
    listener.onState({ kind: 'live' });
    listener.onConnected(client, gone.signal);
    await wire.closed;
    return 'was-live';
  } catch (error) {
    const expected = isForgeError(error);
    if (expected?.code === 'engine.protocol-mismatch') return olderOrNewer(expected.detail['engine']);
    return (await wires.isRefused()) ? 'door' : 'never-live';
  } finally {
    gone.abort();
    wire?.close();
  }
}

/** A refusal that does not say the engine's protocol comes from one that nobody knows yet: a newer one. */
function olderOrNewer(engineProtocol: unknown): 'older-engine' | 'newer-engine' {
  return typeof engineProtocol === 'number' && engineProtocol < protocolVersion ? 'older-engine' : 'newer-engine';
}
