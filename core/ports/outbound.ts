/** One request that leaves the machine. `purpose` is a short phrase a person reads in the ledger. */
export interface OutboundRequest {
  readonly url: string;
  readonly purpose: string;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Longest wait for the answer's first line; default 30 s. */
  readonly headersTimeoutMs?: number;
  /** False: a redirect is handed back as the answer it is, so that a body and a key stay with the host they are meant for. Default true. */
  readonly followsRedirects?: boolean;
}

/** An answer. Its body must be taken by exactly one of `chunks`, `text` and `discard`: then the ledger gets its line. */
export interface OutboundResponse {
  readonly status: number;
  /** The address that answered, after redirects. */
  readonly url: string;
  header(name: string): string | null;
  /** The body in pieces as they come. Breaking off the loop ends the transfer. */
  chunks(): AsyncIterable<Uint8Array>;
  /** The whole body as text; throws `network.answer-too-large` beyond the limit. */
  text(maximumBytes: number): Promise<string>;
  /** Ends the transfer without reading on. */
  discard(): Promise<void>;
}

/** A line of the ledger, `FORGE_HOME/logs/network.jsonl`. */
export interface LedgerLine {
  /** Unix ms when it began. */
  readonly t: number;
  readonly purpose: string;
  readonly method: string;
  /** Host and port; null for a tool that chooses its own (uv, pip). */
  readonly host: string | null;
  /** Path without the query; for a tool, its name. */
  readonly path: string;
  /** Bytes received. */
  readonly bytes: number;
  /** HTTP status, a tool's exit code, or null when there was none. */
  readonly status: number | null;
  readonly ms: number;
  /** A word on what went wrong, or null. */
  readonly error: string | null;
}

/** The one way out. Loopback is no outside and is not entered in the ledger. */
export interface Outbound {
  isOffline(): boolean;
  /** Throws ForgeError network.offline, network.unreachable or network.insecure-redirect. An HTTP status is an answer, not an error. */
  request(request: OutboundRequest): Promise<OutboundResponse>;
  /** Runs a child tool that reaches out by itself and enters one line for it; throws network.offline when switched off. */
  throughTool<T extends { readonly status: number | null; readonly bytes: number }>(
    tool: { readonly name: string; readonly purpose: string },
    run: () => Promise<T>,
  ): Promise<T>;
}
