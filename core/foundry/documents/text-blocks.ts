import type { DocumentBlock } from './document-block.ts';

interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function* linesOf(text: string): Generator<Line> {
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const next = found === -1 ? text.length : found + 1;
    const end = found === -1 ? next : found > start && text[found - 1] === '\r' ? found - 1 : found;
    yield { start, end, text: text.slice(start, end) };
    start = next;
  }
}

interface OpenBlock {
  kind: DocumentBlock['kind'];
  start: number;
  end: number;
}

/** Collects lines to blocks and gives them with their text. */
function createCollector(text: string) {
  const blocks: DocumentBlock[] = [];
  let open: OpenBlock | null = null;
  const close = (): void => {
    if (open !== null) blocks.push({ ...open, text: text.slice(open.start, open.end) });
    open = null;
  };
  const add = (line: Line, kind: DocumentBlock['kind']): void => {
    if (open === null) open = { kind, start: line.start, end: line.end };
    else open.end = line.end;
  };
  return { blocks, add, close };
}

/** Paragraphs: lines between empty lines. `kind` is `code` for source files. */
export function paragraphBlocks(text: string, kind: 'paragraph' | 'code' = 'paragraph'): DocumentBlock[] {
  const { blocks, add, close } = createCollector(text);
  for (const line of linesOf(text)) {
    if (line.text.trim() === '') close();
    else add(line, kind);
  }
  close();
  return blocks;
}

const fence = /^ {0,3}(`{3,}|~{3,})/;
const heading = /^ {0,3}#{1,6}(?:\s|$)/;

/** Markdown by CommonMark's blocks that matter here: ATX headings, fenced code (kept whole), paragraphs and lists. */
export function markdownBlocks(text: string): DocumentBlock[] {
  const { blocks, add, close } = createCollector(text);
  let opened: string | null = null;
  for (const line of linesOf(text)) {
    const [, marks = ''] = fence.exec(line.text) ?? [];
    if (opened !== null) {
      add(line, 'code');
      const closes = marks.startsWith(opened) && line.text.trim() === marks;
      if (closes) close();
      if (closes) opened = null;
    } else if (marks !== '') {
      close();
      add(line, 'code');
      opened = marks;
    } else if (heading.test(line.text)) {
      close();
      add(line, 'heading');
      close();
    } else if (line.text.trim() === '') close();
    else add(line, 'paragraph');
  }
  close();
  return blocks;
}
