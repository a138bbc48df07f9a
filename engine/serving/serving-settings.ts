import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import type { VersionChoice } from '#core/serving/version-choice.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import { oneByOne } from '../one-by-one.ts';

/** What of the server outlives the engine. */
export interface ServingSettings {
  /** Requests without the key are refused. */
  readonly keyRequired: boolean;
  /** Which version a name gives, where a person chose. */
  readonly choices: ReadonlyMap<string, VersionChoice>;
}

/** `FORGE_HOME/serving.json`. Read once; changed by Forge alone while it runs. */
export interface ServingSettingsStore {
  /** @throws ForgeError `engine.configuration-damaged` when the file is not one Forge wrote; nothing is changed then. */
  read(): Promise<ServingSettings>;
  change(apply: (settings: ServingSettings) => ServingSettings): Promise<ServingSettings>;
}

const version = z.number().int().positive();
const settingsFile = z.strictObject({
  v: z.literal(1),
  keyRequired: z.boolean(),
  choices: z.record(
    z.string().regex(/^[a-z0-9][a-z0-9._-]{0,59}$/),
    z.strictObject({ version: version.nullable(), previous: version.nullable(), current: version }),
  ),
});
const largestFileBytes = 1_000_000;
const initial: ServingSettings = { keyRequired: false, choices: new Map() };

export function createServingSettings(file: string): ServingSettingsStore {
  const inTurn = oneByOne();
  let known: ServingSettings | null = null;
  const read = async (): Promise<ServingSettings> => (known ??= await readSettings(file));
  return {
    read: () => inTurn(read),
    change: (apply) =>
      inTurn(async () => {
        const settings = apply(await read());
        const choices = Object.fromEntries(settings.choices);
        await writeJsonAtomic(file, { v: 1, keyRequired: settings.keyRequired, choices }, { mode: 0o600 });
        known = settings;
        return settings;
      }),
  };
}

async function readSettings(file: string): Promise<ServingSettings> {
  let text: string;
  try {
    if ((await stat(file)).size > largestFileBytes) throw damaged(file, 'is too large');
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return initial;
    throw error;
  }
  try {
    const { keyRequired, choices } = settingsFile.parse(JSON.parse(text));
    return { keyRequired, choices: new Map(Object.entries(choices)) };
  } catch (cause) {
    throw damaged(file, 'is not one Forge wrote', cause);
  }
}

function damaged(file: string, reason: string, cause?: unknown): ForgeError {
  const action = `Correct it, or move ${file} away: Forge then serves the newest versions and asks for no key`;
  return new ForgeError('engine.configuration-damaged', { place: file, reason, action }, { cause });
}
