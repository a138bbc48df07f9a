import { realpath, stat } from 'node:fs/promises';
import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import type { SettingView } from '#contract/settings.ts';
import { writeFileAtomic } from '#native-bridge/files/write-file-atomic.ts';
import {
  configurationSchema,
  judgeConfiguration,
  readConfigurationTable,
  readConfigurationText,
  variableOf,
  type Configuration,
} from '../configuration.ts';
import { oneByOne } from '../one-by-one.ts';
import { editToml, type SettingValue } from './edit-toml.ts';
import { placeOf, settingFacts, settingKeys, type SettingKey } from './setting-facts.ts';

export interface SettingsService {
  /** Every setting as it stands now in file and environment. @throws ForgeError `engine.configuration-damaged` */
  list(): Promise<SettingView[]>;
  /**
   * Writes one key; null takes it out, so that the default holds again.
   * @throws ForgeError `settings.*`, `engine.configuration-damaged`; then nothing is written
   */
  set(key: string, value: SettingValue | null): Promise<SettingView>;
}

export interface SettingsServiceOptions {
  /** config.toml */
  readonly file: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What the engine runs with; settings that need no restart are changed in it. */
  readonly running: Configuration;
}

const defaults = configurationSchema.parse({});

export function createSettingsService({ file, environment, running }: SettingsServiceOptions): SettingsService {
  const inTurn = oneByOne();
  const read = async (): Promise<SettingView[]> => {
    const table = await readConfigurationTable(file);
    const configuration = judgeConfiguration(file, table, environment);
    return settingKeys.map((key) => viewOf(key, { table, configuration, environment }));
  };
  return {
    list: read,
    set: (wanted, value) =>
      inTurn(async () => {
        const key = settingKeys.find((known) => known === wanted);
        if (key === undefined) throw new ForgeError('settings.unknown-key', { key: wanted });
        const { section, name } = placeOf(key);
        const variable = variableOf(section, name);
        if (environment[variable] !== undefined) throw new ForgeError('settings.set-by-environment', { key, variable });
        const text = await readConfigurationText(file);
        // A mistake elsewhere in the file is told as such, before anything is written.
        judgeConfiguration(file, await readConfigurationTable(file), environment);
        if (value !== null) refuseUnusable(key, value);
        const edited = editToml(text, { section, name, value });
        if (edited === null) throw new ForgeError('settings.not-editable', { key, path: file });
        if (edited !== text) await replaceFile(file, edited);
        const views = await read();
        const view = views.find((one) => one.key === key);
        if (view === undefined) throw new Error(`the setting ${key} has no view`);
        if (!view.needsRestart) Object.assign(running[section], { [name]: view.value });
        return view;
      }),
  };
}

/** With the rights it had, and where a link of that name leads. */
async function replaceFile(file: string, text: string): Promise<void> {
  const target = await realpath(file);
  const { mode } = await stat(target);
  await writeFileAtomic(target, text, { mode: mode & 0o777 });
}

function schemaOf(key: SettingKey): z.ZodType {
  const { section, name } = placeOf(key);
  const shape: Readonly<Record<string, z.ZodType>> = configurationSchema.shape[section].unwrap().shape;
  const schema = shape[name];
  if (schema === undefined) throw new Error(`the setting ${key} has no schema`);
  return schema;
}

function refuseUnusable(key: SettingKey, value: SettingValue): void {
  const parsed = schemaOf(key).safeParse(value);
  if (parsed.success) return;
  const reason = (parsed.error.issues[0]?.message ?? 'not valid').replace(/^Invalid (input|option): /, '');
  throw new ForgeError('settings.not-usable', { key, value: String(value).slice(0, 100), reason });
}

interface Sources {
  readonly table: Record<string, unknown>;
  readonly configuration: Configuration;
  readonly environment: NodeJS.ProcessEnv;
}

function viewOf(key: SettingKey, { table, configuration, environment }: Sources): SettingView {
  const { section, name } = placeOf(key);
  const value = valueIn(configuration, key);
  const standard = valueIn(defaults, key);
  const written = (table[section] ?? {}) as Record<string, unknown>;
  const isGiven = environment[variableOf(section, name)] !== undefined;
  const choices = choicesOf(key);
  return {
    key,
    type: typeof standard === 'number' ? 'number' : typeof standard === 'boolean' ? 'switch' : 'text',
    value,
    default: standard,
    origin: isGiven ? 'environment' : Object.hasOwn(written, name) ? 'file' : 'default',
    ...settingFacts[key],
    ...(choices === null ? {} : { choices }),
  };
}

function valueIn(configuration: Configuration, key: SettingKey): SettingValue {
  const { section, name } = placeOf(key);
  const value = (configuration[section] as Readonly<Record<string, SettingValue>>)[name];
  if (value === undefined) throw new Error(`the setting ${key} has no value`);
  return value;
}

function choicesOf(key: SettingKey): string[] | null {
  const schema = schemaOf(key);
  const inner = schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  return inner instanceof z.ZodEnum ? inner.options.map(String) : null;
}
