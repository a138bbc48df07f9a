import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLogger } from '#core/ports/logger.ts';
import { createDoorToken } from '../http/door.ts';
import { createHttpServer } from '../http/http-server.ts';
import type { ForgeRouter } from './forge-router.ts';
import { serveWebSocket } from './websocket.ts';
import { createWireServer } from './wire-server.ts';

const token = createDoorToken();

async function openEngine() {
  const http = createHttpServer({ port: 0, token, logger: silentLogger });
  const router = {} as unknown as ForgeRouter;
  const wire = createWireServer({ router, logger: silentLogger, checkOutputs: true, newCorrelationId: () => 'id' });
  const transport = serveWebSocket(wire, {
    server: http.app.server,
    judgeUpgrade: (request) => http.door.judgeUpgrade(request),
  });
  const { port } = await http.listen();
  return { http, wire, transport, port };
}

/** A client that upgrades and then says nothing, not even goodbye; resolves with the engine's first answer. */
async function rawUpgrade(port: number, path: string) {
  const socket = connect({ port, host: '127.0.0.1' });
  const head = ['Host: localhost', `Authorization: Bearer ${token}`, 'Connection: Upgrade', 'Upgrade: websocket'];
  const key = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
  socket.write(`GET ${path} HTTP/1.1\r\n${[...head, ...key].join('\r\n')}\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return { socket, status: answer.toString().split(' ', 2)[1] };
}

test('a client that never says goodbye cannot keep the engine from stopping', async () => {
  const { http, wire, transport, port } = await openEngine();
  const { socket, status } = await rawUpgrade(port, '/rpc');
  assert.deepEqual([status, wire.connections], ['101', 1]);
  const from = performance.now();
  transport.close();
  await http.close();
  assert.ok(performance.now() - from < 2_500);
  for (let turn = 0; wire.connections > 0 && turn < 100; turn += 1) await delay(2);
  assert.equal(wire.connections, 0);
  socket.destroy();
});

test('only the path of the wire can be upgraded, also with the token', async () => {
  const { http, wire, transport, port } = await openEngine();
  const { socket, status } = await rawUpgrade(port, '/elsewhere');
  assert.deepEqual([status, wire.connections], ['404', 0]);
  socket.destroy();
  transport.close();
  await http.close();
});
