import { z } from 'zod';

/**
 * `FORGE_HOME/engine.json`: how every face finds the engine of a home, and proves that it may. Written when the engine listens, removed when
 * it stops in good order. Read by faces of other versions too, so what stands here stays; more may come.
 */
export const engineAddress = z.object({
  pid: z.number().int().positive(),
  port: z.number().int().min(1).max(65_535),
  token: z.string().min(1).max(200),
  protocol: z.number(),
  version: z.string().max(200),
  url: z.url().optional(),
  startedAt: z.number().optional(),
});
export type EngineAddress = z.infer<typeof engineAddress>;

/** The largest engine.json that is read; the real one has about 300 bytes. */
const longestText = 64 * 1024;

/** The address in the text of engine.json; null when it is none: half written, or of a version that has another one. */
export function parseEngineAddress(text: string): EngineAddress | null {
  if (text === '' || text.length > longestText) return null;
  try {
    return engineAddress.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** Whether a process lives, by what sending it signal 0 does (`() => process.kill(pid, 0)`); one of another user counts. */
export function isAliveBy(probe: () => unknown): boolean {
  try {
    probe();
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
