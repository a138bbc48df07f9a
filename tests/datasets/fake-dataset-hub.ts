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
    if (this.token !== null && headers.authorization !== `Bearer ${this.token}`)
      return void response.writeHead(401).end();
    const api = `/api/datasets/${this.repository}`;
    if (url === `${api}/revision/main`) return this.#json(response, { sha: this.commit });
    if (url === `${api}/tree/${this.commit}?recursive=true`) return this.#json(response, this.#tree());
    const prefix = `/datasets/${this.repository}/resolve/${this.commit}/`;
    const content = url.startsWith(prefix) ? this.files.get(decodeURIComponent(url.slice(prefix.length))) : undefined;
    if (!content) return void response.writeHead(404).end();
    this.#send(response, content, Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0));
  }

  #json(response: ServerResponse, value: unknown): void {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  }

  #tree(): unknown {
    return [...this.files].map(([path, content]) => {
      const oid = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
      return { type: 'file', path, size: this.toldSizes.get(path) ?? content.length, oid };
    });
  }

  #send(response: ServerResponse, content: Buffer, start: number): void {
    const rest = content.subarray(start);
    const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': rest.length, ...(start > 0 ? range : {}) });
    if (this.breaks <= 0) return void response.end(rest);
    this.breaks -= 1;
    response.write(rest.subarray(0, Math.floor(rest.length / 2)), () => setTimeout(() => response.destroy(), 10));
  }
}
