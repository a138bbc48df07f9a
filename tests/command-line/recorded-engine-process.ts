// A process that behaves like the engine's entry file (`--home`, `--port`, engine.json) and plays the recorded main job.
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { protocolVersion } from '#contract/protocol-version.ts';
import { createDoorToken } from '#engine/http/door.ts';
import { createHttpServer } from '#engine/http/http-server.ts';
import { serveWebSocket } from '#engine/transports/websocket.ts';
import { createWireServer } from '#engine/transports/wire-server.ts';
import { createRecordedEngine } from './recorded-engine.ts';

const { values } = parseArgs({
  options: { home: { type: 'string', default: '' }, port: { type: 'string', default: '0' } },
});
const { RECORDED_CANCEL_MS, RECORDED_ENGINE_FAILS, RECORDED_FAIL_AT, RECORDED_STEP_MS } = process.env;
if (RECORDED_ENGINE_FAILS !== undefined) {
  process.stderr.write(`${RECORDED_ENGINE_FAILS}\n`);
  process.exit(3);
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (fields: unknown) => console.error(fields),
};
const engineFile = path.join(values.home, 'engine.json');
const token = createDoorToken();
const http = createHttpServer({ port: Number(values.port), token, logger: silent });
const router = createRecordedEngine({
  home: values.home,
  stepMs: Number(RECORDED_STEP_MS ?? 20),
  failAt: RECORDED_FAIL_AT ?? null,
  cancelMs: Number(RECORDED_CANCEL_MS ?? 30),
  onStop: () => void rm(engineFile, { force: true }).then(() => process.exit(0)),
});
serveWebSocket(createWireServer({ router, logger: silent, checkOutputs: true, newCorrelationId: () => 'recorded' }), {
  server: http.app.server,
  judgeUpgrade: (request) => http.door.judgeUpgrade(request),
});
const { port } = await http.listen();
const engine = {
  pid: process.pid,
  startedAt: Date.now(),
  port,
  token,
  protocol: protocolVersion,
  version: '0.1.0',
  url: `http://127.0.0.1:${port}`,
};
await writeFile(engineFile, JSON.stringify(engine), { mode: 0o600 });
