import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ggufFile, smallLlama, twoTensors, twoTensorsBytes, type WrittenGguf } from '../../tests/fixtures/gguf-file.ts';
import { GgufFault } from './gguf-cursor.ts';
import { parseGgufHead, readGgufFacts } from './read-gguf-facts.ts';

const folder = await mkdtemp(join(tmpdir(), 'forge-gguf-facts-'));
after(() => rm(folder, { recursive: true }));

const parse = (content: Buffer) => parseGgufHead(content, content.length);
const huge = 2n ** 62n + 7n;

test('a sound file is read: single values, lengths of lists, and all its numbers counted', () => {
  const facts = parse(ggufFile());
  assert.ok(facts !== null);
  assert.deepEqual([facts.tensorCount, facts.parameters, facts.entries.get('llama.block_count')], [2, 32 * 2 + 32, 2]);
  assert.equal(facts.entries.get('tokenizer.chat_template'), '{{ messages }}');
  assert.equal(facts.listLengths.get('tokenizer.ggml.tokens'), 3);
});

test('cut at any byte it is refused as cut, and no byte less than all of it is accepted', () => {
  const whole = ggufFile();
  for (let length = 24; length < whole.length; length += 1)
    assert.throws(
      () => parse(whole.subarray(0, length)),
      (error: unknown) => {
        assert.ok(error instanceof GgufFault, `${length}: ${String(error)}`);
        assert.match(error.message, /it ends inside its header|it ends before its last tensor does/);
        return true;
      },
    );
  assert.notEqual(parse(whole), null);
});

test('a longer header than the first piece is read on, and a cut one is refused with its figures', async () => {
  const words = Array.from({ length: 60_000 }, (_, index) => `word ${index}`);
  const whole = ggufFile({ entries: [...smallLlama, ['tokenizer.ggml.merges', words]] });
  const path = join(folder, 'long.gguf');
  await writeFile(path, whole);
  assert.ok(whole.length > 800_000);
  assert.equal((await readGgufFacts(path)).listLengths.get('tokenizer.ggml.merges'), 60_000);
  for (const [length, reason] of [
    [700_000, /it ends inside its header/],
    [
      whole.length - 1,
      new RegExp(`it ends before its last tensor does \\(${whole.length - 1} of ${whole.length} bytes`),
    ],
    [whole.length - twoTensorsBytes, /it ends before its last tensor does/],
  ] as const) {
    await truncate(path, length);
    await assert.rejects(
      readGgufFacts(path),
      (error: unknown) => error instanceof GgufFault && reason.test(error.message),
    );
    await writeFile(path, whole);
  }
});

const [one, two] = twoTensors;
assert.ok(one !== undefined && two !== undefined);
const changed = (change: Partial<typeof one>): WrittenGguf => ({ tensors: [{ ...one, ...change }, two] });

/** What is wrong, the file, and what is said of it. */
const hostile: readonly (readonly [what: string, file: WrittenGguf, reason: RegExp])[] = [
  ['another magic', { magic: 'GGJT' }, /does not begin like a GGUF file/],
  ['a first version', { version: 1 }, /its GGUF version is 1/],
  ['a big-endian file', { version: 0x03000000 }, /its GGUF version is 50331648/],
  ['no tensors', { tensorCount: 0n }, /has no tensors/],
  ['an absurd number of tensors', { tensorCount: huge }, /number of its tensors is 4611686018427387911/],
  ['more tensors than there are', { tensorCount: 3n }, /ends inside its header|dimensions/],
  ['an absurd number of entries', { entryCount: huge }, /number of its header entries is/],
  ['an entry twice', { entries: [...smallLlama, ...smallLlama.slice(0, 1)] }, /entries stands there twice/],
  ['an odd alignment', { entries: [...smallLlama, ['general.alignment', 48]] }, /its alignment is 48/],
  ['no alignment', { entries: [...smallLlama, ['general.alignment', 0]] }, /its alignment is 0/],
  [
    'an alignment in words',
    { entries: [...smallLlama, ['general.alignment', 'wide']] },
    /its alignment is not a number/,
  ],
  ['a tensor twice', changed({ name: 'two' }), /the tensor two stands twice/],
  ['an offset off the grid', changed({ offset: 8 }), /the tensor one begins at 8, which is no multiple of 32/],
  ['an offset far behind the end', changed({ offset: 2n ** 40n }), /ends before its last tensor does/],
  ['an absurd offset', changed({ offset: huge }), /the offset of one is/],
  ['one tensor over another', changed({ sides: [32, 3] }), /the tensors one and two lie over each other/],
  ['no dimensions', changed({ sides: [] }), /the tensor one has 0 dimensions/],
  ['nine dimensions', changed({ sides: Array(9).fill(1) as number[] }), /the tensor one has 9 dimensions/],
  ['a side of nothing', changed({ sides: [0, 4] }), /the tensor one has a size that cannot be right/],
  ['a size beyond 64 bits', changed({ sides: [2 ** 47, 2 ** 47, 2 ** 47] }), /the tensor one has a size that cannot/],
  ['a broken block', changed({ type: 8, sides: [31] }), /rows of the tensor one \(31\) are no multiple/],
  ['a name that is too long', changed({ name: 'n'.repeat(64) }), /the length of the name of a tensor is 64/],
  ['control characters in a name', changed({ name: '\u001b[2Jx', offset: 8 }), /the tensor \?\[2Jx begins/],
];
for (const [what, file, reason] of hostile)
  test(`${what} is refused in plain words`, () => {
    assert.throws(
      () => parse(ggufFile(file)),
      (error: unknown) => {
        assert.ok(error instanceof GgufFault, String(error));
        assert.match(error.message, reason);
        return true;
      },
    );
  });

test('lengths of texts and lists that cannot be right are refused before anything is made of them', () => {
  for (const place of ['llama', 'a']) {
    const content = ggufFile();
    const at = content.indexOf(Buffer.from(place)) - 8;
    content.writeBigUInt64LE(huge, at);
    assert.throws(
      () => parse(content),
      (error: unknown) => error instanceof GgufFault && /more than can/.test(error.message),
    );
  }
});

test('a tensor type of the future is left to the worker, but its place is still checked', () => {
  assert.notEqual(parse(ggufFile(changed({ type: 99 }))), null);
  assert.throws(() => parse(ggufFile(changed({ type: 99, offset: 1 }))), GgufFault);
});

test('bytes changed at random are read or refused, never an error of another kind', () => {
  const whole = ggufFile();
  let seed = 20_261_121;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed % below;
  };
  for (let round = 0; round < 5_000; round += 1) {
    const content = Buffer.from(whole);
    for (let changes = 1 + next(4); changes > 0; changes -= 1) content[next(whole.length)] = next(256);
    try {
      parse(content);
    } catch (error) {
      assert.ok(error instanceof GgufFault, String(error));
    }
  }
});
