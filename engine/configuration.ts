import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import { defaultServingHost, defaultServingPort } from '#contract/serving.ts';

/** `config.toml`. Every key can be set by the environment as well: `server.port` is FORGE_SERVER_PORT. */
export const configurationSchema = z.strictObject({
  server: z
    .strictObject({
      host: z.string().max(255).default(defaultServingHost),
      port: z.number().int().min(0).max(65_535).default(defaultServingPort),
      /** Minutes without a request after which the model leaves memory. */
      idle_unload_minutes: z.number().positive().max(10_080).default(10),
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
});
export type Configuration = z.infer<typeof configurationSchema>;

const template = `# Forge's settings. Every key can also be set in the environment: [server] port is FORGE_SERVER_PORT.
# Lines that begin with # show the defaults.

[server]
# host = "${defaultServingHost}"        # 0.0.0.0 opens the server to the network: set a key first
# port = ${defaultServingPort}
# idle_unload_minutes = 10

[ollama]
# host = ""                  # empty: OLLAMA_HOST, else Ollama's own default

[network]
# offline = false
`;

/** Reads `config.toml` (made with its comments at the first start) and lays the environment over it. */
export async function readConfiguration(file: string, environment: NodeJS.ProcessEnv): Promise<Configuration> {
  const text = await readOrCreate(file);
  let table: Record<string, unknown>;
  try {
    table = parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new ForgeError(
      'engine.bad-input',
      { reason: `${file} is not valid TOML: ${firstLine(error)}` },
      { cause: error },
    );
  }
  const parsed = configurationSchema.safeParse(overlay(table, environment));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ForgeError('engine.bad-input', {
    reason: `${file}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  });
}

async function readOrCreate(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, template, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return template;
}

function overlay(table: Record<string, unknown>, environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const result: Record<string, unknown> = { ...table };
  for (const [section, shape] of Object.entries(configurationSchema.shape)) {
    const keys = Object.keys(shape.unwrap().shape);
    for (const key of keys) {
      const given = environment[`FORGE_${section}_${key}`.toUpperCase()];
      if (given !== undefined) result[section] = { ...(result[section] as object | undefined), [key]: valueOf(given) };
    }
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
