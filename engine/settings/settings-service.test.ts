import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { settingView } from '#contract/settings.ts';
import { configurationSchema, readConfiguration, type Configuration } from '../configuration.ts';
import { placeOf, settingFacts, settingKeys } from './setting-facts.ts';
import { createSettingsService, type SettingsService } from './settings-service.ts';

interface Setting {
  readonly file: string;
  readonly running: Configuration;
  readonly settings: SettingsService;
}

async function createSetting(text: string | null = null, environment: NodeJS.ProcessEnv = {}): Promise<Setting> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'forge-settings-')), 'config.toml');
  if (text !== null) await writeFile(file, text);
  const running = await readConfiguration(file, environment);
  return { file, running, settings: createSettingsService({ file, environment, running }) };
}

const refusedWith = (code: string, words: RegExp) => (error: unknown) =>
  error instanceof ForgeError && error.code === code && words.test(`${error.message} ${error.remedy}`);

test('every key of the configuration is listed with its default and what it is for', async () => {
  const { settings, file } = await createSetting();
  const views = (await settings.list()).map((view) => settingView.parse(view));
  const keys = Object.entries(configurationSchema.parse({})).flatMap(([section, table]) =>
    Object.keys(table).map((name) => `${section}.${name}`),
  );
  assert.deepEqual(views.map(({ key }) => key).toSorted(), keys.toSorted());
  for (const { key, value, default: standard, origin, about } of views) {
    assert.deepEqual([value, origin], [standard, 'default'], key);
    assert.match(about, /^[A-Z].{20,}\.$/);
  }
  assert.deepEqual(views.find(({ key }) => key === 'appearance.theme')?.choices, [
    'system',
    'dark',
    'light',
    'contrast',
  ]);
  const text = await readFile(file, 'utf8');
  for (const key of settingKeys) assert.match(text, new RegExp(`^# ${placeOf(key).name} = `, 'm'), key);
});

test('a setting is written into the file that is there, holds after the next start, and can be taken back', async () => {
  const { settings, file } = await createSetting();
  const template = await readFile(file, 'utf8');
  assert.deepEqual(await settings.set('server.port', 19000), {
    key: 'server.port',
    type: 'number',
    value: 19000,
    default: 18793,
    origin: 'file',
    ...settingFacts['server.port'],
  });
  await settings.set('ollama.host', '[::1]:11434 "x"');
  const read = await readConfiguration(file, {});
  assert.deepEqual([read.server.port, read.ollama.host], [19000, '[::1]:11434 "x"']);
  assert.equal((await settings.set('server.port', null)).origin, 'default');
  await settings.set('ollama.host', null);
  assert.equal(await readFile(file, 'utf8'), template);
});

test('what needs no restart holds at once, the rest only after one', async () => {
  const { settings, running } = await createSetting();
  await settings.set('network.offline', true);
  await settings.set('appearance.theme', 'contrast');
  await settings.set('server.port', 19000);
  assert.deepEqual([running.network.offline, running.appearance.theme, running.server.port], [true, 'contrast', 18793]);
});

test('wrong keys, wrong values and what the environment gives are refused in words, and nothing is written', async () => {
  const { settings, file } = await createSetting('[server]\nport = 1000 # mine\n', { FORGE_OLLAMA_HOST: 'there' });
  const given = (await settings.list()).find(({ key }) => key === 'ollama.host');
  assert.deepEqual([given?.value, given?.origin], ['there', 'environment']);
  const cases: [string, string | number | boolean | null, string, RegExp][] = [
    ['server.prot', 1, 'settings.unknown-key', /no setting called server\.prot/],
    ['__proto__.x', 1, 'settings.unknown-key', /no setting/],
    ['server.port', 70_000, 'settings.not-usable', /cannot be 70000: .*65535/],
    ['server.port', 'a', 'settings.not-usable', /expected number/],
    ['server.port', 1.5, 'settings.not-usable', /int/],
    ['appearance.theme', 'pink', 'settings.not-usable', /system/],
    ['ollama.host', 'here', 'settings.set-by-environment', /FORGE_OLLAMA_HOST/],
    ['ollama.host', null, 'settings.set-by-environment', /FORGE_OLLAMA_HOST/],
  ];
  for (const [key, value, code, words] of cases)
    await assert.rejects(settings.set(key, value), refusedWith(code, words));
  assert.equal(await readFile(file, 'utf8'), '[server]\nport = 1000 # mine\n');
  assert.deepEqual((await readdir(path.dirname(file))).length, 1);
});

test('a file in a form that is not rewritten, or with a mistake in it, is left alone', async () => {
  const inline = await createSetting('server = { port = 1000 }\n');
  await assert.rejects(inline.settings.set('server.port', 2000), refusedWith('settings.not-editable', /by hand/));
  const broken = await createSetting('[server]\n');
  await writeFile(broken.file, '[server]\nport = "x"\n');
  await assert.rejects(
    broken.settings.set('server.host', 'a'),
    refusedWith('engine.configuration-damaged', /port under \[server\]/),
  );
  assert.equal(await readFile(broken.file, 'utf8'), '[server]\nport = "x"\n');
});

test(
  'changes asked for at once are all in the file; its rights and a link stay',
  { skip: process.platform === 'win32' },
  async () => {
    const { file } = await createSetting('');
    await chmod(file, 0o600);
    const link = path.join(path.dirname(file), 'link.toml');
    await symlink(file, link);
    const settings = createSettingsService({ file: link, environment: {}, running: configurationSchema.parse({}) });
    await Promise.all([
      settings.set('server.port', 2000),
      settings.set('updates.check', true),
      settings.set('appearance.language', 'de'),
    ]);
    const read = await readConfiguration(file, {});
    assert.deepEqual([read.server.port, read.updates.check, read.appearance.language], [2000, true, 'de']);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  },
);
