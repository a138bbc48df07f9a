import type { LogFields, Logger } from '#core/ports/logger.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

/** JSON lines {t, level, module, message, ...fields}. Secrets and prompts have no place in fields; `write` gets one line at a time. */
export function createLogger(module: string, write: (line: string) => void, minimum: Level = 'info'): Logger {
  const from = levels.indexOf(minimum);
  const log = (level: Level) => (fields: LogFields, message: string) => {
    if (levels.indexOf(level) < from) return;
    write(`${JSON.stringify({ t: new Date().toISOString(), level, module, message, ...fields })}\n`);
  };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}
