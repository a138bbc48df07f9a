import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chunkBlocks } from './chunk-blocks.ts';
import type { DocumentBlock } from './document-block.ts';
import { markdownBlocks, paragraphBlocks } from './text-blocks.ts';

const sizes = { targetCharacters: 200, overlapCharacters: 0 };
const words = (count: number, word = 'word'): string => Array.from({ length: count }, () => word).join(' ');

function markdownChunks(text: string, more: Partial<typeof sizes> = {}): string[] {
  return [...chunkBlocks({ blocks: markdownBlocks(text), text }, { ...sizes, ...more })].map((chunk) => chunk.text);
}

test('markdown parts into headings, paragraphs and fences, each with its place', () => {
  const text = '# One\nfirst\nline\n\n```js\nlet a;\n\n# no heading\n```\nafter\n';
  const blocks = markdownBlocks(text);
  assert.deepEqual(
    blocks.map(({ kind }) => kind),
    ['heading', 'paragraph', 'code', 'paragraph'],
  );
  for (const { start, end, text: own } of blocks) assert.equal(text.slice(start, end), own);
  assert.match(blocks[2]?.text ?? '', /# no heading/);
});

test('a fence that is never closed goes to the end; lines may end with CR LF', () => {
  assert.deepEqual(
    markdownBlocks('~~~\na\n\nb').map(({ kind, text }) => [kind, text]),
    [['code', '~~~\na\n\nb']],
  );
  assert.deepEqual(
    paragraphBlocks('a\r\nb\r\n\r\nc\r\n').map(({ text }) => text),
    ['a\r\nb', 'c'],
  );
});

test('a chunk is the very text of the file between its first and last block', () => {
  const text = `a  b\n\n\n\n${words(5)}\n\n${words(60)}`;
  const [first, second] = chunkBlocks({ blocks: paragraphBlocks(text), text }, sizes);
  assert.equal(first?.text, `a  b\n\n\n\n${words(5)}`);
  assert.ok(text.slice(second?.start).startsWith(words(10)));
});

test('a heading goes with what follows it, and a chunk that is half full ends before the next heading', () => {
  const text = `# A\n\n${words(30)}\n\n# B\n\n${words(30)}\n\n# C\n`;
  assert.deepEqual(markdownChunks(text), [`# A\n\n${words(30)}`, `# B\n\n${words(30)}`, '# C']);
  const late = `${words(15)}\n\n# B\n\n${words(30)}`;
  assert.deepEqual(markdownChunks(late), [words(15), `# B\n\n${words(30)}`]);
});

test('no text is lost or doubled without an overlap, whatever the sizes', () => {
  const text = Array.from({ length: 40 }, (_, index) => `p${index} ${words((index * 7) % 90, `w${index}`)}`).join(
    '\n\n',
  );
  for (const targetCharacters of [200, 333, 1_000]) {
    const joined = markdownChunks(text, { targetCharacters }).join(' ');
    assert.deepEqual(joined.split(/\s+/), text.split(/\s+/));
  }
});

test('what is longer than a chunk is cut after a sentence or word, never inside a character; code stays whole longer', () => {
  const sentences = Array.from({ length: 20 }, (_, index) => `This is sentence number ${index}.`).join(' ');
  const chunks = markdownChunks(sentences);
  assert.ok(chunks.length > 1 && chunks.every(({ length }) => length <= 200));
  assert.ok(chunks.slice(0, -1).every((chunk) => chunk.trimEnd().endsWith('.')));
  for (const chunk of markdownChunks('🙂'.repeat(333), { targetCharacters: 201 })) assert.ok(chunk.isWellFormed());
  const code = `\`\`\`\n${'let a = 1;\n'.repeat(40)}\`\`\``;
  assert.deepEqual(markdownChunks(code), [code]);
});

test('an overlap repeats whole blocks of the chunk before and nothing at a new heading', () => {
  const paragraphs = ['one', 'two', 'three', 'four'].map((word) => words(20, word));
  const chunks = markdownChunks(paragraphs.join('\n\n'), { overlapCharacters: 100 });
  assert.equal(chunks[1], `${paragraphs[1]}\n\n${paragraphs[2]}`);
  const parted = markdownChunks(`${words(30)}\n\n# B\n\nend`, { overlapCharacters: 100 });
  assert.deepEqual(parted, [words(30), '# B\n\nend']);
});

test('pages stay with their chunks, and blocks without places are joined by empty lines', () => {
  const blocks: DocumentBlock[] = [1, 1, 2].map((page) => ({ kind: 'paragraph', text: words(20), page }));
  const chunks = [...chunkBlocks({ blocks }, { ...sizes, targetCharacters: 210 })];
  assert.deepEqual(
    chunks.map(({ page }) => page),
    [1, 2],
  );
  assert.equal(chunks[0]?.text, `${words(20)}\n\n${words(20)}`);
});

test('sizes that make no chunks are refused', () => {
  for (const wrong of [{ targetCharacters: 10 }, { overlapCharacters: 150 }, { overlapCharacters: Number.NaN }])
    assert.throws(() => markdownChunks('text', wrong), RangeError);
});
