import type { Logger } from '#core/ports/logger.ts';
import type { ServingService } from './serving-service.ts';

/** Starts the model server with the engine. A taken port is no reason for the engine not to run: the server's state and the log say it. */
export async function startByItself(serving: Pick<ServingService, 'start'>, logger: Logger): Promise<void> {
  try {
    await serving.start();
  } catch (error) {
    logger.warn({ error: String(error) }, 'the model server did not start with the engine');
  }
}
