// A disk that fills up while a file is dropped.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '#core/ports/logger.ts';
import { createDoorToken } from '#engine/http/door.ts';
import { createHttpServer } from '#engine/http/http-server.ts';
import { serveUploads } from '#engine/http/upload-route.ts';
import { mountMemoryDisk } from '../bad-input/memory-disk.ts';

test('an upload that meets a full disk is told as that, leaves nothing, and works when there is room', async (t) => {
  const disk = await mountMemoryDisk(t, '1m');
  if (disk === null) return t.skip('NOT CHECKED: this user may not mount a file system');
  const folder = path.join(disk.home, 'datasets', 'uploads');
  const token = createDoorToken();
  const server = createHttpServer({ port: 0, token, logger: silentLogger });
  serveUploads(server.app, { folder, logger: silentLogger });
  const { url } = await server.listen();
  try {
    const put = () =>
      fetch(`${url}/uploads?name=rows.csv`, {
        method: 'PUT',
        body: Buffer.alloc(3 * 2 ** 20, 'x'),
        headers: { authorization: `Bearer ${token}` },
      });
    const full = await put();
    const { error } = (await full.json()) as { error: { code: string; message: string } };
    assert.deepEqual([full.status, error.code], [507, 'engine.disk-full']);
    assert.match(error.message, /rows\.csv could not be written/);
    assert.deepEqual(readdirSync(folder), []);
    disk.remount('size=8m');
    assert.equal((await put()).status, 200);
  } finally {
    await server.close();
  }
});
