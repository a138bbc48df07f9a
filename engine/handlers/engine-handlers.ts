import { protocolVersion } from '#contract/protocol-version.ts';
import type { RebuildReport } from '../jobs/index-rebuild.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';
import { requireSameProtocol } from '../transports/greeting.ts';

export interface EngineFacts {
  readonly version: string;
  readonly home: string;
  readonly startedAt: number;
  /** Begins to stop after the answer has left. */
  stop(): void;
  rebuildIndex(): Promise<RebuildReport>;
}

/** `engine.*`. */
export function engineHandlers(facts: EngineFacts): Handlers<'engine'> {
  const { engine } = forgeImplementer;
  const status = () => ({
    protocol: protocolVersion,
    version: facts.version,
    pid: process.pid,
    home: facts.home,
    startedAt: facts.startedAt,
    memoryBytes: process.memoryUsage.rss(),
  });
  return {
    engine: {
      hello: engine.hello.handler(({ input }) => {
        requireSameProtocol(input.protocol);
        return status();
      }),
      status: engine.status.handler(status),
      stop: engine.stop.handler(() => {
        facts.stop();
        return { stopping: true as const };
      }),
      rebuildIndex: engine.rebuildIndex.handler(() => facts.rebuildIndex()),
    },
  };
}
