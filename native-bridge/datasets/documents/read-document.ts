import { readFile, stat } from 'node:fs/promises';
import type { DocumentBlock } from '#core/foundry/documents/document-block.ts';
import { decodeDocument, type DecodedText } from './decode-document.ts';
import type { DocumentKind } from './document-kinds.ts';
import { DocumentError, documentLimits } from './document-limits.ts';
import type { DocumentPage } from './pdf-pages.ts';

/** A text file: its blocks are found by whoever knows the rules. */
export type ReadText = DecodedText & { readonly is: 'text' };
/** What the formats give that are more than their text. */
export type TakenApart =
  | { readonly is: 'pages'; readonly pages: readonly DocumentPage[] }
  | { readonly is: 'blocks'; readonly blocks: readonly DocumentBlock[] };

async function checkSize(file: string, limit: number): Promise<void> {
  const { size } = await stat(file);
  if (size > limit) throw new DocumentError(`it has ${size} bytes, more than ${limit}`);
}

/** A text, Markdown or source file. @throws DocumentError with the reason for people; errors of the file system as they are */
export async function readTextDocument(file: string): Promise<ReadText> {
  await checkSize(file, documentLimits.textBytes);
  return { is: 'text', ...decodeDocument(await readFile(file)) };
}

/** A file of a format that others wrote libraries for; for a thread of its own. @throws DocumentError */
export async function takeApart(
  file: string,
  kind: Extract<DocumentKind, 'pdf' | 'docx' | 'html'>,
): Promise<TakenApart> {
  await checkSize(file, kind === 'html' ? documentLimits.textBytes : documentLimits.fileBytes);
  if (kind === 'pdf') return { is: 'pages', pages: await (await import('./pdf-pages.ts')).pdfPages(file) };
  if (kind === 'docx') return { is: 'blocks', blocks: await (await import('./docx-blocks.ts')).docxBlocks(file) };
  const { text } = decodeDocument(await readFile(file));
  return { is: 'blocks', blocks: await (await import('./html-blocks.ts')).htmlBlocks(text) };
}
