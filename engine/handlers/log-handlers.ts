import type { EngineLogReader } from '#native-bridge/log/read-engine-log.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';

/** `logs.*`. */
export function logHandlers(log: EngineLogReader): Handlers<'logs'> {
  return { logs: { tail: forgeImplementer.logs.tail.handler(({ input }) => log.tail(input)) } };
}
