import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import { systemReason } from '#contract/errors/system-errors.ts';
import { defaultServingHost, defaultServingPort } from '#contract/serving.ts';

/** `config.toml`. Every key can be set by the environment as well: `server.port` is FORGE_SERVER_PORT. */
export const configurationSchema = z.strictObject({
  server: z
    .strictObject({
      host: z.string().max(255).default(defaultServingHost),
      port: z.number().int().min(0).max(65_535).default(defaultServingPort),
      /** Minutes without a request after which the model leaves memory. */
      idle_unload_minutes: z.number().positive().max(10_080).default(10),
      /** True: the server listens as soon as the engine runs. */
      start_with_engine: z.boolean().default(false),
    })
    .prefault({}),
  ollama: z
    .strictObject({
      /** Empty: OLLAMA_HOST, else Ollama's own default address. */
      host: z.string().max(255).default(''),
    })
    .prefault({}),
  network: z
    .strictObject({
      /** True: Forge never leaves this machine; what would have to be fetched is an error that says so. */
      offline: z.boolean().default(false),
    })
    .prefault({}),
  appearance: z
    .strictObject({
      theme: z.enum(['system', 'dark', 'light', 'contrast']).default('system'),
      language: z.enum(['system', 'en', 'de']).default('system'),
    })
    .prefault({}),
  updates: z
    .strictObject({
      /** True: Forge asks for newer versions; every question is in the network ledger. */
      check: z.boolean().default(false),
    })
    .prefault({}),
});
export type Configuration = z.infer<typeof configurationSchema>;

const template = `# Forge's settings. Every key can also be set in the environment: [server] port is FORGE_SERVER_PORT.
# Lines that begin with # show the defaults.

[server]
# host = "${defaultServingHost}"        # 0.0.0.0 opens the server to the network: set a key first
# port = ${defaultServingPort}
# idle_unload_minutes = 10
# start_with_engine = false  # true: the server listens as soon as the engine runs

[ollama]
# host = ""                  # empty: OLLAMA_HOST, else Ollama's own default

[network]
# offline = false

[appearance]
# theme = "system"           # system, dark, light, contrast
# language = "system"        # system, en, de

[updates]
# check = false              # true: Forge asks for newer versions
`;

/**
 * Reads `config.toml` (made with its comments at the first start) and lays the environment over it.
 * @throws ForgeError `engine.configuration-damaged` with the place of the mistake, `engine.home-not-writable`
 */
export async function readConfiguration(file: string, environment: NodeJS.ProcessEnv): Promise<Configuration> {
  return judgeConfiguration(file, await readConfigurationTable(file), environment);
}

/** What the file says, before the environment and the defaults. @throws ForgeError as `readConfiguration` */
export async function readConfigurationTable(file: string): Promise<Record<string, unknown>> {
  return parseTable(file, await readConfigurationText(file));
}

/** What the file and the environment say together. @throws ForgeError `engine.configuration-damaged` */
export function judgeConfiguration(
  file: string,
  table: Record<string, unknown>,
  environment: NodeJS.ProcessEnv,
): Configuration {
  const parsed = configurationSchema.safeParse(overlay(table, environment));
  if (parsed.success) return parsed.data;
  throw issueError(file, parsed.error.issues[0], environment);
}

interface Mistake {
  readonly place: string;
  readonly reason: string;
  readonly cause?: unknown;
}

function damaged(file: string, { place, reason, cause }: Mistake): ForgeError {
  const action = `Correct it there, or move ${file} away: Forge then makes a new one with its defaults`;
  return new ForgeError('engine.configuration-damaged', { place, reason, action }, { cause });
}

function parseTable(file: string, text: string): Record<string, unknown> {
  try {
    return parse(text) as Record<string, unknown>;
  } catch (error) {
    const place = error instanceof TomlError ? `${file}, line ${error.line},` : file;
    // The parser puts its own heading before the reason and an extract of the file below it.
    const reason = firstLine(error).replace(/^Invalid TOML document: /, '');
    throw damaged(file, { place, reason: `is not valid TOML (${reason})`, cause: error });
  }
}

type Issue = z.core.$ZodIssue;

/** A wrong value is told with the place where the person wrote it: the file, or a variable of the environment. */
function issueError(file: string, issue: Issue | undefined, environment: NodeJS.ProcessEnv): ForgeError {
  const [section = '', key] = (issue?.path ?? []).map(String);
  if (issue?.code === 'unrecognized_keys') {
    const known = section === '' ? Object.keys(configurationSchema.shape) : keysOf(section);
    const where = section === '' ? '' : ` under [${section}]`;
    const reason = `has "${issue.keys.join('", "')}"${where}, which is no setting (${known.join(', ')} are)`;
    return damaged(file, { place: file, reason });
  }
  const reason = `is not usable (${(issue?.message ?? 'not valid').replace(/^Invalid input: /, '')})`;
  if (key === undefined) return damaged(file, { place: `${file}: ${section}`, reason });
  const variable = variableOf(section, key);
  if (environment[variable] === undefined)
    return damaged(file, { place: `${file}: ${key} under [${section}]`, reason });
  const action = `Correct or unset the variable ${variable}`;
  return new ForgeError('engine.configuration-damaged', { place: `the variable ${variable}`, reason, action });
}

function keysOf(section: string): string[] {
  const shape = configurationSchema.shape[section as keyof typeof configurationSchema.shape];
  return Object.keys(shape.unwrap().shape);
}

/** The variable of the environment that wins over a key of the file. */
export function variableOf(section: string, key: string): string {
  return `FORGE_${section}_${key}`.toUpperCase();
}

/** The file as it stands; made with its comments where there is none. */
export async function readConfigurationText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = systemReason(error);
    if (reason === null) throw error;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw damaged(file, { place: file, reason: `could not be read: ${reason}`, cause: error });
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, template, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return template;
}

function overlay(table: Record<string, unknown>, environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const result: Record<string, unknown> = { ...table };
  for (const section of Object.keys(configurationSchema.shape)) {
    const written = result[section] ?? {};
    // Something else than a section stays as it is: the schema refuses it by name.
    if (typeof written !== 'object' || Array.isArray(written)) continue;
    const given = keysOf(section).flatMap((key) => {
      const value = environment[variableOf(section, key)];
      return value === undefined ? [] : [[key, valueOf(value)] as const];
    });
    if (given.length > 0) result[section] = { ...written, ...Object.fromEntries(given) };
  }
  return result;
}

/** Environment values are text: numbers and booleans are read as such, the rest stays text. */
function valueOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
