import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { ErrorCode } from '#contract/errors.ts';

/** The part of an HTTP request the door looks at. */
export interface DoorRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket: { readonly remoteAddress?: string | undefined; readonly localAddress?: string | undefined };
}

export interface DoorRefusal {
  readonly status: 401 | 403 | 404 | 429;
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;
}

export type DoorVerdict =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'redirect'; readonly location: string; readonly cookie: string }
  | { readonly kind: 'refused'; readonly refusal: DoorRefusal };

/** Decides who comes in. It keeps hashes only, never the token. */
export interface Door {
  judge(request: DoorRequest): DoorVerdict;
  /** For WebSocket upgrades: the same rules, no redirect, and a browser must name its own origin. Null admits. */
  judgeUpgrade(request: DoorRequest): DoorRefusal | null;
}

export interface DoorOptions {
  /** 48 lower-case hexadecimal digits, from `createDoorToken`. */
  readonly token: string;
  /** The port in use, which is known only after listening; it names the cookie. */
  readonly port: () => number;
  /** The address listened on. */
  readonly host: string;
  /** Names by which the machine may be called beside loopback and `host`, without port. */
  readonly allowedHosts?: readonly string[];
  /** Milliseconds from any fixed point; for the rate limit. */
  readonly now: () => number;
}

const tokenPattern = /^[0-9a-f]{48}$/;
const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];
const badTriesPerWindow = 10;
const windowMs = 60_000;
const addressesRemembered = 1_000;

/** 24 random bytes as 48 hexadecimal digits. */
export function createDoorToken(): string {
  return randomBytes(24).toString('hex');
}

/**
 * The token door of headless mode (docs/architecture.md). In the order of the checks:
 * the Host header must name this machine (a foreign name is DNS rebinding), an Origin header must be this very address (another
 * page, also one on another port of this machine, to which the cookie would be sent), then one of: the cookie, `Authorization:
 * Bearer`, or `?token=` on a page, which sets the cookie and redirects to the bare address so that the token leaves the history.
 * No token is 401, a wrong one 403, and wrong ones in a row 429.
 */
export function createDoor(options: DoorOptions): Door {
  if (!tokenPattern.test(options.token)) throw new Error('A door token is 48 hexadecimal digits.');
  const expected = digest(options.token);
  const badTries = createTryCounter(options.now);
  const cookieName = () => `forge-${options.port()}`;
  const isGood = (given: string) => timingSafeEqual(digest(given), expected);

  const refuseToken = (request: DoorRequest, given: boolean): DoorRefusal => {
    const code = 'engine.not-authorised';
    if (!given) return { status: 401, code, headers: { 'www-authenticate': 'Bearer realm="Forge"' } };
    // A good token is admitted before this line: a stale tab that keeps trying must not lock its owner out.
    const retryAfterSeconds = badTries.add(request.socket.remoteAddress ?? '');
    if (retryAfterSeconds === null) return { status: 403, code, headers: {} };
    return { status: 429, code, headers: { 'retry-after': String(retryAfterSeconds) } };
  };
  const refuseAddress = (request: DoorRequest): DoorRefusal | null => {
    const known = isKnownHost(request, options) && isOwnOrigin(request);
    return known ? null : { status: 403, code: 'engine.not-authorised', headers: {} };
  };
  const given = (request: DoorRequest) => ({
    bearer: bearerToken(request),
    cookie: cookieValue(request, cookieName()),
  });

  return {
    judge(request) {
      const refusal = refuseAddress(request);
      if (refusal !== null) return { kind: 'refused', refusal };
      const { bearer, cookie } = given(request);
      const url = new URL(request.url ?? '/', 'http://door');
      const query = url.searchParams.get('token');
      if (query !== null && (request.method === 'GET' || request.method === 'HEAD') && isGood(query)) {
        const cookieText = `${cookieName()}=${options.token}; HttpOnly; SameSite=Strict; Path=/`;
        return { kind: 'redirect', location: bareLocation(url), cookie: cookieText };
      }
      if ([bearer, cookie].some((token) => token !== null && isGood(token))) return { kind: 'admitted' };
      const wasGiven = query !== null || bearer !== null || cookie !== null;
      return { kind: 'refused', refusal: refuseToken(request, wasGiven) };
    },
    judgeUpgrade(request) {
      const refusal = refuseAddress(request);
      if (refusal !== null) return refusal;
      const { bearer, cookie } = given(request);
      if (bearer !== null && isGood(bearer)) return null;
      // A browser always sends Origin with an upgrade; a cookie without one was not sent by a browser's page.
      if (cookie !== null && request.headers['origin'] !== undefined && isGood(cookie)) return null;
      return refuseToken(request, bearer !== null || cookie !== null);
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** A path on this server, never `//host`. */
function bareLocation(url: URL): string {
  url.searchParams.delete('token');
  return `/${url.pathname.replace(/^\/+/, '')}${url.search}`;
}

/** Only the name counts, not the port, so that a tunnel from another port works; the port is the Origin check's business. */
function isKnownHost(request: DoorRequest, options: DoorOptions): boolean {
  const name = hostName(request.headers['host']);
  if (name === null) return false;
  const own = isIP(options.host) === 6 ? `[${options.host}]` : options.host;
  if ([...loopbackNames, own, ...(options.allowedHosts ?? [])].some((known) => known.toLowerCase() === name))
    return true;
  // Reached by the machine's own address, which no foreign name resolves away: a bind to 0.0.0.0 or ::.
  const local = (request.socket.localAddress ?? '').replace(/^::ffff:/, '');
  return isIP(local) !== 0 && name === (isIP(local) === 6 ? `[${local}]` : local);
}

/** The name in a Host header (`name`, `name:port`, `[v6]:port`), lower-case; null when it is missing, repeated or malformed. */
function hostName(header: string | string[] | undefined): string | null {
  if (typeof header !== 'string') return null;
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec(header.toLowerCase())?.[1] ?? null;
}

/** Without an Origin header it is a program or a plain navigation; with one it must be the address the request went to. */
function isOwnOrigin(request: DoorRequest): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  return (
    typeof origin === 'string' && typeof host === 'string' && origin.toLowerCase() === `http://${host.toLowerCase()}`
  );
}

function bearerToken(request: DoorRequest): string | null {
  const header = request.headers['authorization'];
  if (typeof header !== 'string') return null;
  return /^bearer +(\S{1,200})$/i.exec(header)?.[1] ?? '';
}

function cookieValue(request: DoorRequest, name: string): string | null {
  const header = request.headers['cookie'];
  if (typeof header !== 'string') return null;
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return null;
}

/** Counts per address; `add` returns the seconds to wait once there were too many, else null. */
function createTryCounter(now: () => number): { add(address: string): number | null } {
  const tries = new Map<string, { since: number; count: number }>();
  return {
    add(address) {
      const time = now();
      const kept = tries.get(address);
      const entry = kept === undefined || time - kept.since >= windowMs ? { since: time, count: 0 } : kept;
      entry.count += 1;
      tries.delete(address);
      tries.set(address, entry);
      const oldest = tries.size > addressesRemembered ? tries.keys().next() : undefined;
      if (oldest?.value !== undefined) tries.delete(oldest.value);
      return entry.count > badTriesPerWindow ? Math.ceil((entry.since + windowMs - time) / 1000) : null;
    },
  };
}
