import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readGgufHeader } from './gguf-header.ts';

const folder = await mkdtemp(join(tmpdir(), 'forge-gguf-'));
after(() => rm(folder, { recursive: true }));

function ggufHead(
  changes: { magic?: string; version?: number; tensors?: bigint; entries?: bigint; bytes?: number } = {},
): Buffer {
  const head = Buffer.alloc(changes.bytes ?? 128);
  head.write(changes.magic ?? 'GGUF', 0, 'latin1');
  head.writeUInt32LE(changes.version ?? 3, 4);
  head.writeBigUInt64LE(changes.tensors ?? 272n, 8);
  head.writeBigUInt64LE(changes.entries ?? 30n, 16);
  return head;
}

test('a sound header is read', async () => {
  const path = join(folder, 'good.gguf');
  await writeFile(path, ggufHead());
  assert.deepEqual(await readGgufHeader(path), { sizeBytes: 128, version: 3, tensorCount: 272 });
});

const faulty: [name: string, content: Buffer, reason: RegExp][] = [
  ['another kind of file', ggufHead({ magic: 'PK\u0003\u0004' }), /begin like a GGUF/],
  ['an empty file', Buffer.alloc(0), /0 bytes only/],
  ['a torn file', ggufHead({ bytes: 32 }), /32 bytes only/],
  ['a later version', ggufHead({ version: 9 }), /version is 9/],
  ['a big-endian file', ggufHead({ version: 0x03000000 }), /version is 50331648/],
  ['no tensors', ggufHead({ tensors: 0n }), /claims 0 tensors/],
  ['absurd counts', ggufHead({ entries: 2n ** 60n }), /header entries/],
];
for (const [name, content, reason] of faulty) {
  test(`${name} is refused in plain words`, async () => {
    const path = join(folder, 'faulty.gguf');
    await writeFile(path, content);
    await assert.rejects(readGgufHeader(path), { code: 'serving.file-not-usable', message: reason });
  });
}

test('a missing file says so', async () => {
  await assert.rejects(readGgufHeader(join(folder, 'nothing.gguf')), {
    code: 'serving.file-not-usable',
    message: /no such file/,
  });
});
