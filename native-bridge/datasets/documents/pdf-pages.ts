import { readFile } from 'node:fs/promises';
import type { getDocumentProxy as OpenPdf } from 'unpdf';
import { DocumentError, documentLimits } from './document-limits.ts';

interface TextPiece {
  readonly str: string;
  readonly hasEOL: boolean;
  readonly height: number;
  readonly transform: readonly unknown[];
}

function isTextPiece(item: object): item is TextPiece {
  return 'str' in item && 'hasEOL' in item;
}

/** Lines of a page; a gap larger than a line and a half begins a paragraph. */
function pageText(items: readonly object[]): string {
  let [text, lastY]: [string, number | null] = ['', null];
  for (const item of items.filter(isTextPiece)) {
    const y = Number(item.transform[5]);
    const gap = lastY === null ? 0 : lastY - y;
    if (item.str.trim() !== '') {
      if (item.height > 0 && gap > item.height * 1.8 && text.endsWith('\n')) text += '\n';
      lastY = y;
    }
    text += item.str;
    if (item.hasEOL) text += '\n';
  }
  return text;
}

function reasonOf(error: unknown): DocumentError {
  if (error instanceof DocumentError) return error;
  const name = error instanceof Error ? error.name : '';
  const reason = name === 'PasswordException' ? 'it is locked with a password' : 'it is no PDF, or damaged';
  return new DocumentError(reason, { cause: error });
}

/** The text of one page, counted from 1; empty lines part paragraphs. */
export interface DocumentPage {
  readonly page: number;
  readonly text: string;
}

/** Characters of all pages together. */
const mostCharacters = 200_000_000;

type OpenedPdf = Awaited<ReturnType<typeof OpenPdf>>;

async function pagesOf(pdf: OpenedPdf): Promise<DocumentPage[]> {
  if (pdf.numPages > documentLimits.pages)
    throw new DocumentError(`it has ${pdf.numPages} pages, more than ${documentLimits.pages}`);
  const pages: DocumentPage[] = [];
  let characters = 0;
  for (let page = 1; page <= pdf.numPages; page += 1) {
    const { items } = await (await pdf.getPage(page)).getTextContent();
    const text = pageText(items);
    characters += text.length;
    if (characters > mostCharacters) throw new DocumentError('there is too much text in it');
    if (text.trim() !== '') pages.push({ page, text });
  }
  if (pages.length === 0)
    throw new DocumentError('there is no text in it; scanned pages would have to be recognised first');
  return pages;
}

/** A PDF by PDF.js (unpdf): the text of each page. Nothing in it is run and nothing fetched. Scanned pages have no text. */
export async function pdfPages(file: string): Promise<DocumentPage[]> {
  const { getDocumentProxy } = await import('unpdf');
  const data = new Uint8Array(await readFile(file));
  const options = { isEvalSupported: false, enableXfa: false, stopAtErrors: false, verbosity: 0 } as const;
  const pdf = await getDocumentProxy(data, options).catch((error: unknown) => {
    throw reasonOf(error);
  });
  try {
    return await pagesOf(pdf);
  } catch (error) {
    throw reasonOf(error);
  } finally {
    await pdf.loadingTask.destroy();
  }
}
