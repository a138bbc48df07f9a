// Base models that cannot be trained, refused before a Python is installed and before anything is fetched.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ggufFile, smallLlama, twoTensors } from '../fixtures/gguf-file.ts';
import { safetensors, writeFolderBase } from './base-files.ts';
import { goodRows } from './dataset-files.ts';
import { assertNothingHalfMade, forge, newFolder, newHome, refused, type Refusal } from './forge-command.ts';

let home = '';
let folder = '';
const cleanUps: (() => Promise<void>)[] = [];

before(async () => {
  const atTheEnd = { after: (work: () => Promise<void>) => void cleanUps.push(work) };
  home = await newHome(atTheEnd);
  folder = await newFolder(atTheEnd);
  writeFileSync(path.join(folder, 'good.csv'), goodRows(60));
  const { code, err } = await forge(['ui', '--no-open', '--home', home]);
  assert.equal(code, 0, err);
});
after(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

const notAModel = {
  exitCode: 2,
  code: 'base-model.not-a-model',
  remedy: /Give a \.gguf file, or a folder with config\.json/,
} as const;
const unknown = { exitCode: 2, code: 'base-model.unknown', remedy: /`forge base list`/ } as const;
const family = {
  exitCode: 2,
  code: 'base-model.family-not-supported',
  says: /of the family "mamba"\. Supported are: Llama 2 and 3, .*Qwen3.*Phi-3\./,
  remedy: /`forge base list`/,
} as const;

/** Each makes what is given as --base. */
const cases: readonly (readonly [what: string, make: (place: string) => string, refusal: Refusal])[] = [
  [
    'an unknown name',
    () => 'smollm2-135m-instrct',
    { ...unknown, says: /called "smollm2-135m-instrct".* nearest are: smollm2-135m-instruct, / },
  ],
  ['a path that is not there', (place) => place, { ...unknown, says: /no folder or GGUF file of that name/ }],
  // Reading from it would wait, or never end.
  ...(process.platform === 'win32'
    ? []
    : [['a device', () => '/dev/tty', { ...notAModel, says: /neither a file nor a folder/ }] as const]),
  ['an empty folder', emptyFolder, { ...notAModel, says: /it is a folder without config\.json/ }],
  [
    'a dataset',
    () => path.join(folder, 'good.csv'),
    { ...notAModel, says: /good\.csv .* does not begin like a GGUF file/ },
  ],
  ['an empty GGUF', file(Buffer.alloc(0)), { ...notAModel, says: /does not begin like a GGUF file/ }],
  [
    'a GGUF of another magic',
    file(ggufFile({ magic: 'GGML' })),
    { ...notAModel, says: /does not begin like a GGUF file/ },
  ],
  ['a GGUF of an unknown version', file(ggufFile({ version: 99 })), { ...notAModel, says: /version is 99/ }],
  [
    'a GGUF with an absurd number of tensors',
    file(ggufFile({ tensorCount: 2n ** 62n })),
    { ...notAModel, says: /the number of its tensors is 4611686018427387904/ },
  ],
  [
    'a GGUF with an absurd number of entries',
    file(ggufFile({ entryCount: 2n ** 40n })),
    { ...notAModel, says: /the number of its header entries is 1099511627776/ },
  ],
  [
    'a GGUF that is cut inside its header',
    file(ggufFile().subarray(0, 200)),
    { ...notAModel, says: /it ends inside its header/ },
  ],
  [
    'a GGUF whose tensors are missing',
    file(ggufFile({ dataBytes: 0 })),
    { ...notAModel, says: /it ends before its last tensor does \(\d+ of \d+ bytes are there\)/ },
  ],
  [
    'a GGUF with a tensor twice',
    file(ggufFile({ tensors: twoTensors.map((tensor) => ({ ...tensor, name: 'one' })) })),
    { ...notAModel, says: /the tensor one stands twice/ },
  ],
  [
    'a GGUF without a chat template',
    file(ggufFile({ entries: smallLlama.filter(([key]) => key !== 'tokenizer.chat_template') })),
    {
      exitCode: 2,
      code: 'base-model.no-chat-template',
      says: /has no chat template/,
      remedy: /instruct or chat variant/,
    },
  ],
  ['a GGUF of another family', file(ggufFile({ entries: [['general.architecture', 'mamba']] })), family],
  ['a folder of another family', (place) => writeFolderBase(place, { family: 'mamba' }), family],
  [
    'torn config.json',
    (place) => writeFolderBase(place, { config: '{"model_type": ' }),
    { ...notAModel, says: /its config\.json cannot be read/ },
  ],
  [
    'empty safetensors',
    (place) => writeFolderBase(place, { weights: Buffer.alloc(0) }),
    { ...notAModel, says: /model\.safetensors .*its header is longer than the file/ },
  ],
  [
    'safetensors with an absurd length',
    (place) => writeFolderBase(place, { weights: safetensors({ lengthBytes: 2n ** 62n }) }),
    { ...notAModel, says: /its header is longer than the file/ },
  ],
  [
    'safetensors without a header',
    (place) =>
      writeFolderBase(place, {
        weights: Buffer.concat([safetensors({ lengthBytes: 5n }).subarray(0, 8), Buffer.alloc(99, 123)]),
      }),
    { ...notAModel, says: /its header cannot be read/ },
  ],
  [
    'safetensors with an absurd shape',
    (place) => writeFolderBase(place, { weights: safetensors({ shape: [2 ** 50, 2 ** 50] }) }),
    { ...notAModel, says: /the sizes in its files are not those of a model/ },
  ],
  [
    'safetensors that are cut short',
    (place) => writeFolderBase(place, { weights: safetensors({ dataBytes: 500 }) }),
    { ...notAModel, says: /model\.safetensors .*it ends before its last tensor does/ },
  ],
  ['pickled weights', pickledFolder, { ...notAModel, says: /format that can run code/ }],
  [
    'a model without a chat template',
    (place) => writeFolderBase(place, { template: false }),
    {
      exitCode: 2,
      code: 'base-model.no-chat-template',
      says: /has no chat template: it does not say where a question ends/,
      remedy: /instruct or chat variant/,
    },
  ],
];

function file(content: Buffer): (place: string) => string {
  return (place) => {
    writeFileSync(`${place}.gguf`, content);
    return `${place}.gguf`;
  };
}

function emptyFolder(place: string): string {
  mkdirSync(place);
  return place;
}

function pickledFolder(place: string): string {
  mkdirSync(place);
  writeFileSync(path.join(place, 'config.json'), '{}');
  writeFileSync(path.join(place, 'pytorch_model.bin'), 'PK');
  return place;
}

for (const [index, [what, make, refusal]] of cases.entries()) {
  test(`as a base ${what} is refused at once`, async () => {
    const base = make(path.join(folder, `base-${index}`));
    await refused(['train', '--dataset', path.join(folder, 'good.csv'), '--base', base, '--home', home], refusal);
  });
}

test('forge base add refuses a cut GGUF at once, and does not list it', async () => {
  const base = file(ggufFile({ dataBytes: 100 }))(path.join(folder, 'cut'));
  await refused(['base', 'add', base, '--home', home], {
    ...notAModel,
    says: /cut\.gguf .*it ends before its last tensor does/,
  });
  const listed = await forge(['base', '--json', '--home', home]);
  assert.deepEqual([listed.code, listed.out.includes('cut')], [0, false]);
});

test('after all of them no version was begun, nothing was prepared, and the engine stops in good order', async () => {
  assert.equal(existsSync(path.join(home, 'models', 'good')), false);
  assert.deepEqual(JSON.parse((await forge(['runs', '--json', '--home', home])).out), []);
  assert.equal((await forge(['stop', '--home', home])).code, 0);
  assertNothingHalfMade(home);
});
