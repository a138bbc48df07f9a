import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { greetEngine } from '#contract/client.ts';
import { callCases } from './call-cases.ts';
import { withinMs } from './conformance-case.ts';
import { createFakeEngine } from './fake-engine.ts';
import { streamCases } from './stream-cases.ts';
import { recordingLogger, wires } from './wires.ts';

for (const wire of wires) {
  describe(`over ${wire.name}`, () => {
    for (const { name, run } of [...callCases, ...streamCases].filter(
      (each) => wire.hasMessages || each.needsMessages !== true,
    )) {
      test(name, { timeout: 20_000 }, async () => {
        const engine = createFakeEngine();
        const { logger, lines } = recordingLogger();
        let ids = 0;
        const newCorrelationId = () => `id-${(ids += 1)}`;
        const open = await wire.open({ router: engine.router, logger, checkOutputs: true, newCorrelationId });
        const greeted = async () => {
          const connection = await open.connect();
          await greetEngine(connection.client, '0');
          return connection;
        };
        try {
          await run({ wire: open, engine, log: lines, greeted });
        } finally {
          await open.stop();
        }
        await withinMs(500, () => engine.openSubscriptions() === 0);
        assert.equal(engine.openSubscriptions(), 0);
      });
    }
  });
}
