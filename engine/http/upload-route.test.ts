import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { silentLogger } from '#core/ports/logger.ts';
import { removeHalfUploads, safeUploadName } from '#native-bridge/files/receive-upload.ts';
import { createDoorToken } from './door.ts';
import { createHttpServer, type HttpServer, type ListeningAddress } from './http-server.ts';
import { serveUploads } from './upload-route.ts';

const token = createDoorToken();
const maximumBytes = 100_000;

describe('the door for dropped files', () => {
  let folder: string;
  let server: HttpServer;
  let address: ListeningAddress;
  before(async () => {
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'forge-uploads-')), 'uploads');
    server = createHttpServer({ port: 0, token, logger: silentLogger });
    serveUploads(server.app, { folder, logger: silentLogger, maximumBytes, silenceMs: 150 });
    address = await server.listen();
  });
  after(async () => {
    await server.close();
    await rm(path.dirname(folder), { recursive: true, force: true });
  });

  const put = async (name: string, body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${address.url}/uploads?name=${encodeURIComponent(name)}`, {
      method: 'PUT',
      body,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const codeOf = ({ body }: { body: Record<string, unknown> }) =>
    (body['error'] as { code?: string } | undefined)?.code;

  test('a file arrives byte for byte, under its own name in any script', async () => {
    const name = 'Kündigungen – 解約 🗂.csv';
    for (const type of ['text/csv', 'application/json', 'text/plain', 'application/octet-stream', 'made/up']) {
      const { status, body } = await put(name, 'question,answer\n', { 'content-type': type });
      assert.deepEqual(
        { status, body },
        { status: 200, body: { path: path.join(folder, name.normalize('NFC')), bytes: 16 } },
      );
    }
    assert.equal(await readFile(path.join(folder, name.normalize('NFC')), 'utf8'), 'question,answer\n');
  });

  test('the same file again is the same file; another of that name gets a number', async () => {
    const first = await put('twice.jsonl', 'one');
    assert.deepEqual(await put('twice.jsonl', 'one'), first);
    const other = await put('twice.jsonl', 'two');
    assert.equal(other.body['path'], path.join(folder, 'twice (2).jsonl'));
    assert.equal(await readFile(path.join(folder, 'twice.jsonl'), 'utf8'), 'one');
  });

  test('the files of one folder lie together, hidden from the list of datasets; a folder that leads elsewhere is refused', async () => {
    const send = async (query: string) => {
      const response = await fetch(`${address.url}/uploads?${query}`, {
        method: 'PUT',
        body: 'rows',
        headers: { authorization: `Bearer ${token}` },
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const batch = '7d0f3c52-0000-4000-8000-000000000001';
    const place = path.join(folder, '.folders', batch, 'meine Daten');
    for (const name of ['a.csv', 'b.csv']) {
      const { body } = await send(`name=${name}&folder=meine%20Daten&batch=${batch}`);
      assert.equal(body['path'], path.join(place, name));
    }
    assert.deepEqual(await readdir(place), ['a.csv', 'b.csv']);
    for (const query of [
      `folder=..%2Fx&batch=${batch}`,
      'folder=x',
      'folder=x&batch=..%2F..%2Fx',
      `folder=&batch=${batch}`,
    ])
      assert.equal(codeOf(await send(`name=c.csv&${query}`)), 'dataset.upload-name', query);
    await removeHalfUploads(folder);
    await assert.rejects(readdir(place), { code: 'ENOENT' });
  });

  test('names that lead elsewhere are refused, and nothing is written', async () => {
    const before = await readdir(folder);
    for (const name of [
      '../evil.csv',
      'a/b.csv',
      'a\\b.csv',
      '..',
      '.',
      '',
      ' ',
      '.hidden',
      'nul\0.csv',
      'CON.csv',
      'a:b.csv',
      'x\u202Evsc.exe',
      'x'.repeat(300),
    ]) {
      const answer = await put(name, 'x');
      assert.deepEqual([name, answer.status, codeOf(answer)], [name, 400, 'dataset.upload-name']);
    }
    assert.deepEqual(await readdir(folder), before);
    assert.throws(() => safeUploadName('\uD800.csv'), /half a character/);
  });

  test('a file that announces too much is refused before it is read', async () => {
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const request = httpRequest(`${address.url}/uploads?name=big.csv`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}`, 'content-length': 5 * 2 ** 30 },
      });
      request.on('error', reject);
      request.on('response', (response) => {
        let text = '';
        response.on('data', (piece: Buffer) => (text += piece.toString()));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      });
      request.flushHeaders();
    });
    assert.equal(answer.status, 413);
    assert.match(answer.text, /dataset\.upload-too-large.*5\.0 GiB/);
  });

  test('one that announces nothing and goes on is stopped at the limit', async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(20_000)),
    });
    const outcome = await fetch(`${address.url}/uploads?name=endless.csv`, {
      method: 'PUT',
      body,
      duplex: 'half',
      headers: { authorization: `Bearer ${token}` },
    } as RequestInit).then(
      (response) => response.status,
      () => 'connection ended',
    );
    assert.ok(outcome === 413 || outcome === 'connection ended', String(outcome));
    assert.ok(!(await readdir(folder)).some((name) => name.includes('endless') || name.endsWith('.part')));
  });

  test('an upload that breaks off, or falls silent, leaves nothing', async () => {
    const breakOff = (afterMs: number | null) =>
      new Promise<void>((resolve) => {
        const request = httpRequest(`${address.url}/uploads?name=half.csv`, {
          method: 'PUT',
          headers: { authorization: `Bearer ${token}`, 'content-length': 1000 },
        });
        request.on('error', () => resolve());
        request.on('close', () => resolve());
        request.write('half');
        if (afterMs !== null) setTimeout(() => request.destroy(), afterMs);
      });
    await breakOff(30);
    await breakOff(null);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(!(await readdir(folder)).some((name) => name.includes('half') || name.endsWith('.part')));
  });

  test('without the token, or from another page, nobody gets in', async () => {
    const bare = await fetch(`${address.url}/uploads?name=x.csv`, { method: 'PUT', body: 'x' });
    assert.equal(bare.status, 401);
    assert.equal((await put('x.csv', 'x', { origin: 'http://evil.example' })).status, 403);
  });

  test('bodies elsewhere stay small', async () => {
    const response = await fetch(`${address.url}/elsewhere`, {
      method: 'POST',
      body: 'x'.repeat(2 * 1024 * 1024),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
    }).then(
      ({ status }) => status,
      () => 'connection ended',
    );
    assert.ok(response === 404 || response === 413 || response === 'connection ended', String(response));
  });

  test('what an engine’s death left is taken away, other files stay', async () => {
    await writeFile(path.join(folder, `.${'ab'.repeat(8)}.part`), 'half');
    await writeFile(path.join(folder, 'mine.part'), 'a file of the person');
    await removeHalfUploads(folder);
    const names = await readdir(folder);
    assert.deepEqual([names.includes('mine.part'), names.some((name) => name.startsWith('.'))], [true, false]);
    await removeHalfUploads(path.join(folder, 'not-there'));
  });
});
