import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubRequestSeen {
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** A hub in this process: one repository, with faults that a test switches on. */
export class FakeHub {
  readonly repository = 'publisher/tiny-model';
  commit = 'c'.repeat(40);
  readonly files = new Map<string, Buffer>();
  readonly seen: HubRequestSeen[] = [];
  /** Token that is asked for; null lets everyone in. */
  token: string | null = null;
  /** Breaks the connection of each file answer after so many bytes. */
  breakAfterBytes = Number.POSITIVE_INFINITY;
  /** How many answers are broken before one is whole. */
  breaks = 0;
  /** Files whose content is changed on the way. */
  readonly corrupt = new Set<string>();
  ignoresRanges = false;
  /** Replaces the list of files. */
  tree: unknown = null;
  status: number | null = null;
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

  requestsFor(name: string): readonly HubRequestSeen[] {
    return this.seen.filter(({ path }) => path.endsWith(`/${name}`));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { url: path = '', headers } = request;
    this.seen.push({ path, range: headers.range, authorization: headers.authorization });
    if (this.status !== null) return void response.writeHead(this.status).end();
    if (this.token !== null && headers.authorization !== `Bearer ${this.token}`)
      return void response.writeHead(401).end();
    const api = `/api/models/${this.repository}`;
    if (path === `${api}/revision/main`) return this.#json(response, { sha: this.commit });
    if (path === `${api}/tree/${this.commit}`) return this.#json(response, this.tree ?? this.#listFiles());
    const prefix = `/${this.repository}/resolve/${this.commit}/`;
    const name = path.startsWith(prefix) ? path.slice(prefix.length) : '';
    const content = this.files.get(name);
    if (!content) return void response.writeHead(404).end();
    this.#send(response, this.corrupt.has(name) ? Buffer.alloc(content.length, 0x7f) : content, headers.range);
  }

  #json(response: ServerResponse, value: unknown): void {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  }

  #listFiles(): unknown {
    return [...this.files].map(([path, content]) => {
      const isLarge = path.endsWith('.safetensors');
      const sha256 = createHash('sha256').update(content).digest('hex');
      const blob = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
      const size = content.length;
      return { type: 'file', path, size, oid: blob, ...(isLarge ? { lfs: { oid: sha256, size } } : {}) };
    });
  }

  #send(response: ServerResponse, content: Buffer, range: string | undefined): void {
    const start = this.ignoresRanges ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const rest = content.subarray(start);
    const headers = { 'content-length': rest.length };
    if (start > 0)
      response.writeHead(206, {
        ...headers,
        'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
      });
    else response.writeHead(200, headers);
    if (this.breaks <= 0 || rest.length <= this.breakAfterBytes) return void response.end(rest);
    this.breaks -= 1;
    response.write(rest.subarray(0, this.breakAfterBytes), () => setTimeout(() => response.destroy(), 10));
  }
}

/** A safetensors file with one tensor of `count` bf16 values. */
export function safetensors(count: number): Buffer {
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: { format: 'pt' },
      'model.embed_tokens.weight': { dtype: 'BF16', shape: [count / 4, 4], data_offsets: [0, count * 2] },
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const data = Buffer.alloc(count * 2);
  for (let index = 0; index < data.length; index += 1) data[index] = (index * 31) % 251;
  return Buffer.concat([length, header, data]);
}

export const tinyConfig = {
  ...{ model_type: 'llama', architectures: ['LlamaForCausalLM'], num_hidden_layers: 2, hidden_size: 64 },
  ...{ vocab_size: 1000, max_position_embeddings: 2048 },
};

/** The files of a model folder, by name. */
export function modelFiles(config: unknown = tinyConfig): Map<string, Buffer> {
  return new Map([
    ['config.json', Buffer.from(JSON.stringify(config))],
    ['tokenizer.json', Buffer.from('{"version":"1.0"}')],
    ['tokenizer_config.json', Buffer.from('{"chat_template":"{{ messages }}"}')],
    ['model.safetensors', safetensors(100_000)],
  ]);
}
