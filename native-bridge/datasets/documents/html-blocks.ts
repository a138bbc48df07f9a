import type { DefaultTreeAdapterTypes } from 'parse5';
import type { DocumentBlock } from '#core/foundry/documents/document-block.ts';
import { DocumentError, documentLimits } from './document-limits.ts';

type Node = DefaultTreeAdapterTypes.Node;

const skipped = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'math',
  'iframe',
  'object',
  'nav',
  'form',
  'head',
  'button',
  'select',
]);
const headings = /^h[1-6]$/;
const blockNames = new Set([
  ...['address', 'article', 'aside', 'blockquote', 'body', 'dd', 'details', 'div', 'dl', 'dt', 'figcaption', 'figure'],
  ...[
    'footer',
    'header',
    'hr',
    'li',
    'main',
    'ol',
    'p',
    'section',
    'summary',
    'table',
    'tbody',
    'tfoot',
    'thead',
    'tr',
    'ul',
  ],
]);

function isHidden(node: Node): boolean {
  if (!('attrs' in node)) return false;
  return node.attrs.some(({ name, value }) => name === 'hidden' || (name === 'aria-hidden' && value === 'true'));
}

/** Collects text to blocks. Spaces are one space but in code, as a browser shows them. */
function createWriter() {
  const blocks: DocumentBlock[] = [];
  let text = '';
  const close = (kind: DocumentBlock['kind']): void => {
    const clean = kind === 'code' ? text.replace(/^\n+|\s+$/g, '') : text.replace(/[ \t\n\r\f]+/g, ' ').trim();
    text = '';
    if (clean === '') return;
    if (blocks.length >= documentLimits.blocks) throw new DocumentError('it has too many parts');
    blocks.push({ kind, text: clean });
  };
  const write = (piece: string): void => void (text += piece);
  return { blocks, write, close };
}

interface Step {
  readonly node: Node;
  /** Ends the block that the node opened. */
  readonly closes?: DocumentBlock['kind'];
  readonly kind: DocumentBlock['kind'];
}

function stepsInto(node: Node, kind: DocumentBlock['kind']): Step[] {
  const children = 'childNodes' in node ? node.childNodes : [];
  return children.toReversed().map((child) => ({ node: child, kind }));
}

/** HTML by parse5, as the standard says it is to be read; scripts, styles, menus, forms and what is hidden stay out. */
export async function htmlBlocks(html: string): Promise<DocumentBlock[]> {
  const { parse } = await import('parse5');
  const writer = createWriter();
  // By hand and not by recursion: a page may be nested deeper than a stack.
  const steps: Step[] = [{ node: parse(html), kind: 'paragraph' }];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const { node, closes, kind } = step;
    if (closes !== undefined) writer.close(closes);
    else if (node.nodeName === '#text' && 'value' in node) writer.write(node.value);
    else if (node.nodeName === 'br') writer.write(kind === 'code' ? '\n' : ' ');
    else if (skipped.has(node.nodeName) || isHidden(node)) continue;
    else {
      const name = node.nodeName;
      const opens = headings.test(name)
        ? 'heading'
        : name === 'pre'
          ? 'code'
          : blockNames.has(name)
            ? 'paragraph'
            : null;
      if (opens !== null) {
        writer.close(kind);
        steps.push({ node, closes: opens, kind: opens });
      }
      if (name === 'td' || name === 'th') writer.write(' ');
      steps.push(...stepsInto(node, opens ?? kind));
    }
  }
  writer.close('paragraph');
  return writer.blocks;
}
