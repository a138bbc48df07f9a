import type { DocumentKind } from '#native-bridge/datasets/documents/document-kinds.ts';
import type { SeededRandom } from '../fixtures/bad-files/seeded-random.ts';
import { docxOf, pdfOf, zipOf } from '../fixtures/made-documents.ts';

/** A document that the fuzzer made. */
export interface FuzzedDocument {
  readonly fileName: string;
  readonly kind: DocumentKind;
  readonly bytes: Buffer;
}

/** For a change of bytes that the formats share. */
export type Mutate = (random: SeededRandom, bytes: Buffer) => Buffer;

const tags = ['p', 'div', 'h1', 'pre', 'ul', 'li', 'table', 'tr', 'td', 'svg', 'template', 'b', 'br', 'nav', 'select'];
const words = ['Where', 'is it?', 'grün', '😀', '&amp;', '&#x110000;', '<', '>', '"', '\0', '\n', '  ', '<!--', ']]>'];

function sentence(random: SeededRandom): string {
  return Array.from({ length: random.below(12) }, () => random.pick(words)).join(' ');
}

function html(random: SeededRandom): string {
  const open: string[] = [];
  let text = random.chance(0.5) ? '<!doctype html><html><body>' : '';
  for (let step = random.below(80); step > 0; step -= 1) {
    const kind = random.below(4);
    if (kind === 0) text += sentence(random);
    else if (kind === 1) text += `</${random.chance(0.8) ? (open.pop() ?? 'p') : random.pick(tags)}>`;
    else {
      const tag = random.pick(tags);
      open.push(tag);
      text += `<${tag}${random.chance(0.1) ? ' hidden' : ''}>`;
    }
  }
  // As deep as a browser's own limit, and deeper.
  return random.chance(0.05) ? '<div>'.repeat(500 + random.below(5_000)) + text : text;
}

function markdown(random: SeededRandom): string {
  const lines = ['# One', '```', '~~~', '| a | b |', '- x', '> y', '    code', '***', '[a]: b', ''];
  return Array.from({ length: random.below(60) }, () =>
    random.chance(0.5) ? random.pick(lines) : sentence(random),
  ).join(random.pick(['\n', '\r\n', '\r']));
}

function plain(text: string): string {
  return text.replaceAll(/[()\\&<>]/g, ' ');
}

function made(random: SeededRandom): FuzzedDocument {
  const kind = random.below(6);
  const paragraphs = Array.from({ length: random.below(6) }, () => plain(sentence(random)));
  if (kind === 0) return { fileName: 'paper.pdf', kind: 'pdf', bytes: pdfOf(paragraphs) };
  if (kind === 1) return { fileName: 'letter.docx', kind: 'docx', bytes: docxOf(plain(sentence(random)), paragraphs) };
  if (kind === 2) {
    const parts = { 'word/document.xml': html(random), '[Content_Types].xml': sentence(random) };
    return { fileName: 'odd.docx', kind: 'docx', bytes: zipOf(parts) };
  }
  if (kind === 3) return { fileName: 'page.html', kind: 'html', bytes: Buffer.from(html(random)) };
  if (kind === 4) return { fileName: 'notes.md', kind: 'markdown', bytes: Buffer.from(markdown(random)) };
  return {
    fileName: 'notes.txt',
    kind: 'text',
    bytes: Buffer.from(sentence(random), random.pick(['utf8', 'utf16le'])),
  };
}

/** A document of some kind, whole or hurt, and sometimes one that its name does not fit. */
export function fuzzedDocument(random: SeededRandom, mutate: Mutate): FuzzedDocument {
  const document = made(random);
  const bytes = random.chance(0.7) ? mutate(random, document.bytes) : document.bytes;
  const kind = random.chance(0.05) ? made(random).kind : document.kind;
  return { ...document, kind, bytes };
}
