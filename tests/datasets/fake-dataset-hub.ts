import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The datasets side of a hub in this process: one repository, with faults that a test switches on. */
export class FakeDatasetHub {
  readonly repository = 'publisher/tiny-set';
  readonly commit = 'd'.repeat(40);
  readonly files = new Map<string, Buffer>();
  readonly seen: string[] = [];
  /** Token that is asked for; null lets everyone in. */
  token: string | null = null;
  status: number | null = null;
  /** Sizes that are told instead of the real ones. */
  readonly toldSizes = new Map<string, number>();
  /** How many file answers are broken off in their middle. */
  breaks = 0;
  /** Files of the branch that the hub converts to; without any there is no such branch. */
  readonly converted = new Map<string, Buffer>();
  readonly convertedCommit = 'c'.repeat(40);
  /** So many answers are "too many requests", with this to wait. */
  busy = { answers: 0, retryAfter: '0' };
  /** Everybody may look, but files need the token. */
  isGated = false;
  /** Entries on one page of the list of files. */
  pageSize = 1_000;
  /** Bytes a second of a file; null: at once. */
  pace: number | null = null;
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await new Promise((resolve) => this.#server.once('listening', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  dispose(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '', headers } = request;
    this.seen.push(url);
    if (this.status !== null) return void response.writeHead(this.status).end();
    if (this.busy.answers > 0) {
      this.busy.answers -= 1;
      return void response.writeHead(429, { 'retry-after': this.busy.retryAfter }).end();
    }
    const isKnown = headers.authorization === `Bearer ${this.token}`;
    if (this.token !== null && !isKnown && (!this.isGated || url.includes('/resolve/')))
      return void response.writeHead(401, { 'x-error-code': 'GatedRepo' }).end();
    const api = `/api/datasets/${this.repository}`;
    if (!url.startsWith(`${api}/`) && !url.startsWith(`/datasets/${this.repository}/`))
      return void response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end();
    if (url.startsWith(`${api}/revision/`)) {
      const commit = this.#commitOf(decodeURIComponent(url.slice(`${api}/revision/`.length)));
      if (commit !== null) return this.#json(response, { sha: commit });
      return void response.writeHead(404, { 'x-error-code': 'RevisionNotFound' }).end();
    }
    if (url.startsWith(`${api}/tree/`)) return this.#page(response, url, this.#filesAt(url));
    const place = url.slice(url.indexOf('/resolve/') + '/resolve/'.length + 41);
    const content = this.#filesAt(url).get(decodeURIComponent(place));
    if (!content) return void response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
    this.#send(response, content, Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0));
  }

  #commitOf(revision: string): string | null {
    if (revision === 'main' || revision === this.commit) return this.commit;
    return revision === 'refs/convert/parquet' && this.converted.size > 0 ? this.convertedCommit : null;
  }

  #filesAt(url: string): ReadonlyMap<string, Buffer> {
    return url.includes(this.convertedCommit) ? this.converted : this.files;
  }

  /** The list of files, in pages like the hub's own. */
  #page(response: ServerResponse, url: string, files: ReadonlyMap<string, Buffer>): void {
    const from = Number(/[?&]cursor=(\d+)/.exec(url)?.[1] ?? 0);
    const all = this.#tree(files);
    const to = from + this.pageSize;
    const next = `<${url.replace(/[?&]cursor=\d+/, '')}&cursor=${to}>; rel="next"`;
    if (to < all.length) response.setHeader('link', next);
    this.#json(response, all.slice(from, to));
  }

  #json(response: ServerResponse, value: unknown): void {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  }

  #tree(files: ReadonlyMap<string, Buffer>): readonly unknown[] {
    return [...files].map(([path, content]) => {
      const oid = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
      return { type: 'file', path, size: this.toldSizes.get(path) ?? content.length, oid };
    });
  }

  #send(response: ServerResponse, content: Buffer, start: number): void {
    const rest = content.subarray(start);
    const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': rest.length, ...(start > 0 ? range : {}) });
    if (this.pace !== null) return this.#trickle(response, rest, this.pace);
    if (this.breaks <= 0) return void response.end(rest);
    this.breaks -= 1;
    response.write(rest.subarray(0, Math.floor(rest.length / 2)), () => setTimeout(() => response.destroy(), 10));
  }

  #trickle(response: ServerResponse, rest: Buffer, bytesASecond: number): void {
    const piece = Math.max(1, Math.floor(bytesASecond / 20));
    let sent = 0;
    const clock = setInterval(() => {
      response.write(rest.subarray(sent, sent + piece));
      sent += piece;
      if (sent < rest.length && !response.destroyed) return;
      clearInterval(clock);
      response.end();
    }, 50);
  }
}
