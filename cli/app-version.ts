import { readFileSync } from 'node:fs';

/** The version this command names itself with: that of package.json, which is the only place it is written. */
export const appVersion: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
