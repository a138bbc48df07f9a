import { createForgeClient, greetEngine, isForgeError, type ForgeClient, type ForgeLink } from '#contract/client.ts';

export type WireState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly retrySeconds: number }
  /** Nothing that waiting would mend: the window is of another version, or this address is no longer let in. */
  | { readonly kind: 'refused'; readonly reason: 'version' | 'door' };

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
  for (;;) {
    listener.onState({ kind: 'connecting' });
    const outcome = await holdConnection(wires, listener, appVersion);
    if (outcome === 'version' || outcome === 'door') return listener.onState({ kind: 'refused', reason: outcome });
    if (outcome === 'was-live') waitSeconds = firstWaitSeconds;
    listener.onState({ kind: 'lost', retrySeconds: waitSeconds });
    await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000));
    waitSeconds = Math.min(longestWaitSeconds, waitSeconds * 2);
  }
}

type Outcome = 'was-live' | 'never-live' | 'version' | 'door';

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
    if (isForgeError(error)?.code === 'engine.protocol-mismatch') return 'version';
    return (await wires.isRefused()) ? 'door' : 'never-live';
  } finally {
    gone.abort();
    wire?.close();
  }
}
