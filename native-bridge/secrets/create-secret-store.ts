import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import type { SecretStore } from '#core/ports/secret-store.ts';
import { redact } from './redact.ts';

export interface SecretStoreOptions {
  /** FORGE_HOME; the file is secrets.json in it. */
  readonly home: string;
  readonly own?: Readonly<Record<string, string | undefined>>;
  readonly platform?: string;
}

const secretFile = z.object({ v: z.literal(1), secrets: z.record(z.string(), z.string()) });
const namePattern = /^[a-z][a-z0-9_]{0,63}$/;
const prefix = 'FORGE_SECRET_';
const maximumValueCharacters = 4096;
const maximumFileBytes = 1_000_000;

/**
 * The store for machines without a key ring: a JSON file only its owner may read. It is not encrypted, and `protection` says so; on the
 * desktop the shell's encrypted store takes its place.
 */
export function createSecretStore({
  home,
  own = process.env,
  platform = process.platform,
}: SecretStoreOptions): SecretStore {
  const path = join(home, 'secrets.json');
  const fromEnvironment = new Map(
    Object.entries(own).flatMap(([variable, value]) =>
      variable.startsWith(prefix) && value ? [[variable.slice(prefix.length).toLowerCase(), value] as const] : [],
    ),
  );
  /** Values seen so far, for `redact`; FORGE_SECRET_HF_TOKEN is the secret "hf_token". */
  const known = new Map(fromEnvironment);
  let last: Promise<unknown> = Promise.resolve();

  async function load(): Promise<Record<string, string>> {
    const { secrets } = await readSecretFile(path, platform);
    for (const [name, value] of Object.entries(secrets)) if (!fromEnvironment.has(name)) known.set(name, value);
    return secrets;
  }

  /** One change after the other, each from what is on the disk then. */
  function change<T>(apply: (secrets: Record<string, string>) => T): Promise<T> {
    const done = last.then(async () => {
      const secrets = { ...(await load()) };
      const answer = apply(secrets);
      await writeSecretFile(path, { v: 1, secrets });
      return answer;
    });
    last = done.catch(() => undefined);
    return done;
  }

  return {
    protection: {
      encrypted: false,
      // Windows keeps a profile's files to its user by other means than modes.
      place: `file secrets.json (${platform === 'win32' ? 'of your user' : '0600'}, not encrypted)`,
      text: `Keys are kept in ${path}. Only your user may read the file, but it is not encrypted: anyone who can use your account can read it.`,
    },
    list: async () => {
      const stored = Object.keys(await load()).filter((name) => !fromEnvironment.has(name));
      const all = [
        ...[...fromEnvironment.keys()].map((name) => ({ name, origin: 'environment' as const })),
        ...stored.map((name) => ({ name, origin: 'store' as const })),
      ];
      return all.toSorted((a, b) => a.name.localeCompare(b.name));
    },
    read: async (name) => {
      const secrets = await load();
      return fromEnvironment.get(name) ?? (Object.hasOwn(secrets, name) ? (secrets[name] ?? null) : null);
    },
    write: async (name, value) => {
      checkName(name);
      checkValue(name, value);
      known.set(name, value);
      await change((secrets) => void (secrets[name] = value));
    },
    remove: async (name) => {
      checkName(name);
      return change((secrets) => Object.hasOwn(secrets, name) && delete secrets[name]);
    },
    redact: (text) => redact(text, known),
  };
}

function checkName(name: string): void {
  if (!namePattern.test(name)) throw new ForgeError('secret.bad-name', { name: name.slice(0, 80) });
}

function checkValue(name: string, value: string): void {
  if (value.trim() === '') throw new ForgeError('secret.bad-value', { name, reason: 'empty' });
  if (value.length > maximumValueCharacters) throw new ForgeError('secret.bad-value', { name, reason: 'too long' });
  if (/[\p{Cc}]/u.test(value)) throw new ForgeError('secret.bad-value', { name, reason: 'not one line of text' });
}

async function readSecretFile(path: string, platform: string): Promise<z.infer<typeof secretFile>> {
  let text: string;
  try {
    const { mode, size } = await stat(path);
    // Windows keeps a profile's files to its user by other means; its modes say nothing.
    if (platform !== 'win32' && (mode & 0o077) !== 0) throw new ForgeError('secret.file-open-to-others', { path });
    if (size > maximumFileBytes) throw new ForgeError('secret.file-damaged', { path });
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { v: 1, secrets: {} };
    throw error;
  }
  try {
    return secretFile.parse(JSON.parse(text));
  } catch {
    // The parser's message would quote the content.
    throw new ForgeError('secret.file-damaged', { path });
  }
}

/** As writeJsonAtomic, but readable by its owner from its first byte. */
async function writeSecretFile(path: string, content: z.infer<typeof secretFile>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
