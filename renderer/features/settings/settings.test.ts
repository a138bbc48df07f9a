import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soughtLicences } from './about-store.ts';
import { diskBars, diskTotals } from './disk-bars.ts';
import { diskParts, settings } from './fixtures.ts';
import { licenceOf } from './record-fixtures.ts';
import { emptyForm, readForm, type ProviderForm } from './provider-draft.ts';
import { sectionOf } from './sections.ts';
import { variableOf } from './setting-texts.ts';
import { readSetting, settingGroups } from './setting-value.ts';

test('an address without a section, or with one that is none, shows the machine', () => {
  assert.deepEqual(
    [sectionOf(undefined), sectionOf('nonsense'), sectionOf('licences')],
    ['machine', 'machine', 'licences'],
  );
});

test('the largest part has the full bar; what is kept never offers a deletion', () => {
  const bars = diskBars(diskParts);
  assert.deepEqual([bars[0]?.part.id, bars[0]?.share], ['checkpoints', 1]);
  for (const { part, deletableShare, share, canClean } of bars) {
    assert.ok(deletableShare <= share, part.id);
    if (part.deletion === 'kept') assert.ok(!canClean && deletableShare === 0, part.id);
  }
  assert.deepEqual(
    bars.filter(({ canClean }) => canClean).map(({ part }) => part.id),
    ['checkpoints', 'base-models', 'uploads', 'logs'],
  );
});

test('what goes and is not free then, because a cache shares it, is told apart', () => {
  const [part] = diskParts.filter(({ id }) => id === 'base-models');
  assert.ok(part !== undefined);
  const [shared] = diskBars([{ ...part, deletableBytes: 98_000_000, freeableBytes: 560 }]);
  assert.deepEqual([shared?.canClean, shared?.sharedBytes], [true, 97_999_440]);
  const [alone] = diskBars([{ ...part, deletableBytes: 98_000_000, freeableBytes: 97_999_000 }]);
  assert.equal(alone?.sharedBytes, 0);
});

test('only what is safe counts as going without a loss', () => {
  assert.equal(diskTotals(diskParts).safeBytes, 3_905_000_000);
  assert.deepEqual(diskTotals([]), { bytes: 0, safeBytes: 0 });
});

const form: ProviderForm = {
  ...emptyForm,
  name: 'Lab Server',
  address: 'https://lab.example/v1',
  models: 'a, b\nb\n\n',
};

test('a filled form is a provider; models come one a line or with commas, once each', () => {
  assert.deepEqual(readForm(form, []), {
    kind: 'ready',
    draft: {
      id: 'lab-server',
      name: 'Lab Server',
      format: 'openai-compatible',
      address: 'https://lab.example/v1',
      models: ['a', 'b'],
      needsKey: true,
    },
  });
});

const addresses: readonly (readonly [string, string | null])[] = [
  ['', 'addressMissing'],
  ['lab.example', 'addressNotUrl'],
  ['ftp://lab.example', 'addressNotUrl'],
  ['javascript:alert(1)', 'addressNotUrl'],
  ['http://lab.example/v1', 'addressNotSafe'],
  ['http://127.0.0.1.evil.example', 'addressNotSafe'],
  ['http://127.0.0.1:8000/v1', null],
  ['http://localhost:8000', null],
  ['http://[::1]:8000', null],
];
for (const [address, mistake] of addresses) {
  test(`the address "${address}" is ${mistake ?? 'fine'}`, () => {
    const read = readForm({ ...form, address }, []);
    assert.equal(read.kind === 'wrong' ? (read.mistakes.get('address') ?? null) : null, mistake);
  });
}

test('a name must be there and free; one of signs alone still gives an id', () => {
  const mistake = (name: string, taken: readonly string[]) => {
    const read = readForm({ ...form, name }, taken);
    return read.kind === 'wrong' ? read.mistakes.get('name') : read.draft.id;
  };
  assert.equal(mistake('  ', []), 'nameMissing');
  assert.equal(mistake('OpenAI', ['openai']), 'nameTaken');
  assert.match(String(mistake('日本', [])), /^[a-z0-9][a-z0-9-]{0,39}$/);
  assert.match(String(mistake('a.b_c '.repeat(20), [])), /^[a-z0-9][a-z0-9-]{0,39}$/);
});

test('numbers are read with comma and point, and nothing else passes for one', () => {
  assert.deepEqual(readSetting('number', ' 2,5 '), { kind: 'value', value: 2.5 });
  for (const typed of ['', 'ten', '1e999', '1 2']) assert.equal(readSetting('number', typed).kind, 'wrong', typed);
  assert.deepEqual(readSetting('text', ' a '), { kind: 'value', value: 'a' });
});

test('settings stand under their section of config.toml', () => {
  assert.deepEqual(
    settingGroups(settings).map(({ name, settings: members }) => [name, members.length]),
    [
      ['server', 3],
      ['ollama', 1],
      ['network', 1],
      ['appearance', 1],
    ],
  );
  assert.equal(variableOf('server.idle_unload_minutes'), 'FORGE_SERVER_IDLE_UNLOAD_MINUTES');
});

test('licences are found by any of their words', () => {
  const all = [licenceOf('react'), licenceOf('ai', { licence: 'Apache-2.0' })];
  assert.deepEqual(
    soughtLicences(all, 'apache ai').map(({ name }) => name),
    ['ai'],
  );
  assert.equal(soughtLicences(all, '  ').length, 2);
  assert.equal(soughtLicences(all, 'gpl').length, 0);
});
