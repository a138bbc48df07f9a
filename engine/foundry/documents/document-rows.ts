import { createHash } from 'node:crypto';
import type { CanonicalRow } from '#contract/rows.ts';
import type { DocumentRequest } from '#contract/document-imports.ts';
import { chunkBlocks, type DocumentChunk } from '#core/foundry/documents/chunk-blocks.ts';
import type { DocumentContent } from '#core/foundry/documents/document-block.ts';
import { markdownBlocks, paragraphBlocks } from '#core/foundry/documents/text-blocks.ts';
import type { FoundDocument } from '#native-bridge/datasets/documents/list-documents.ts';
import { readTextDocument } from '#native-bridge/datasets/documents/read-document.ts';
import { hashFile } from '#native-bridge/files/verify-artefacts.ts';
import { takeApartInThread } from './document-reader.ts';

interface Content extends DocumentContent {
  readonly byteOffsetOf?: (place: number) => number;
}

async function contentOf({ path, kind }: FoundDocument, signal: AbortSignal): Promise<Content> {
  if (kind === 'text' || kind === 'markdown' || kind === 'code') {
    const { text, byteOffsetOf } = await readTextDocument(path);
    const isCode = kind === 'code';
    const blocks = kind === 'markdown' ? markdownBlocks(text) : paragraphBlocks(text, isCode ? 'code' : 'paragraph');
    return { blocks, text, byteOffsetOf };
  }
  const apart = await takeApartInThread({ file: path, kind }, { signal });
  if (apart.is === 'blocks') return { blocks: apart.blocks };
  const blocks = apart.pages.flatMap(({ page, text }) =>
    paragraphBlocks(text).map(({ kind: block, text: part }) => ({ kind: block, text: part, page })),
  );
  return { blocks };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Rows of one document, in its order. @throws DocumentError where it cannot be read */
export async function* documentRows(
  document: FoundDocument,
  request: Pick<DocumentRequest, 'targetCharacters' | 'overlapCharacters' | 'domain' | 'licence'>,
  signal: AbortSignal,
): AsyncGenerator<CanonicalRow> {
  const content = await contentOf(document, signal);
  const sha256 = await hashFile(document.path);
  const group = digest(document.repository ?? document.name).slice(0, 16);
  const licence = document.licence ?? request.licence;
  const sourceOf = ({ page, start }: DocumentChunk): CanonicalRow['source'] => ({
    ...{ type: 'document', uri: document.name, sha256 },
    ...(start === undefined || content.byteOffsetOf === undefined ? {} : { byte_offset: content.byteOffsetOf(start) }),
    ...(page === undefined ? {} : { page }),
    ...(licence === null ? {} : { licence }),
  });
  for (const chunk of chunkBlocks(content, request)) {
    const text = chunk.text.toWellFormed().replaceAll('\0', '');
    if (text.trim() === '') continue;
    yield {
      ...{ id: digest(text).slice(0, 32), kind: 'text', text },
      ...(request.domain === null ? {} : { domain: request.domain }),
      ...{ group, source: sourceOf(chunk), training_eligible: true, flags: [] },
    };
  }
}
