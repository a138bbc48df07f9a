import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chunkBlocks, type DocumentChunk } from '#core/foundry/documents/chunk-blocks.ts';
import type { DocumentContent } from '#core/foundry/documents/document-block.ts';
import { markdownBlocks, paragraphBlocks } from '#core/foundry/documents/text-blocks.ts';
import { DocumentError } from '#native-bridge/datasets/documents/document-limits.ts';
import { readTextDocument, takeApart } from '#native-bridge/datasets/documents/read-document.ts';
import { Finding } from './check-reading.ts';
import type { FuzzedDocument } from './make-document.ts';

const sizes = { targetCharacters: 200, overlapCharacters: 20 };

async function contentOf(file: string, { kind }: FuzzedDocument): Promise<DocumentContent> {
  if (kind === 'text' || kind === 'markdown' || kind === 'code') {
    const { text } = await readTextDocument(file);
    return { text, blocks: kind === 'markdown' ? markdownBlocks(text) : paragraphBlocks(text) };
  }
  const apart = await takeApart(file, kind);
  if (apart.is === 'blocks') return { blocks: apart.blocks };
  return { blocks: apart.pages.flatMap(({ text }) => paragraphBlocks(text)) };
}

function checkPlaces(chunks: readonly DocumentChunk[], { text }: DocumentContent): void {
  if (text === undefined) return;
  for (const { start } of chunks)
    if (start !== undefined && (start < 0 || start >= text.length))
      throw new Finding(`a part says to begin at ${start} of ${text.length} characters`);
}

/**
 * Takes a document apart and cuts it to rows. What is wrong with it is told as a DocumentError, whose message is for people; 0 parts then.
 * @throws Finding
 */
export async function checkDocument(document: FuzzedDocument): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'forge-document-'));
  try {
    const file = path.join(folder, document.fileName);
    await writeFile(file, document.bytes);
    const content = await contentOf(file, document);
    const chunks = [...chunkBlocks(content, sizes)];
    checkPlaces(chunks, content);
    return chunks.length;
  } catch (error) {
    if (error instanceof DocumentError) return 0;
    throw error;
  } finally {
    await rm(folder, { recursive: true });
  }
}
