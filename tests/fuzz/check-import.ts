import { hash } from 'node:crypto';
import { canonicalRow } from '#contract/rows.ts';
import { createRowImporter } from '#core/foundry/import/row-importer.ts';
import type { FilePreview } from '#core/foundry/file-preview.ts';
import { Finding, type ReadingResult } from './check-reading.ts';

/** Every record becomes a row that the contract knows, or is rejected with a reason (D-3). @throws Finding */
export function checkImport(
  { shape, records }: ReadingResult,
  mapping: { prompt: string; answer: string } | null,
): void {
  const importer = createRowImporter({
    ...{ uri: 'rows', sourceType: 'file', columns: shape.columns, mapping, systemPrompt: null },
    ...{ domain: null, licence: null, teacher: null, digest: (text: string) => hash('sha256', text) },
  });
  for (const record of records) {
    const taken = importer.takeAll(record);
    if (taken.length === 0) throw new Finding(`the record at ${record.byteOffset} became nothing`);
    for (const { outcome } of taken) {
      if (outcome.kind === 'rejected') {
        if (outcome.message === '')
          throw new Finding(`the record at ${record.byteOffset} is rejected without a reason`);
        continue;
      }
      const parsed = canonicalRow.safeParse(JSON.parse(JSON.stringify(outcome.row)));
      if (!parsed.success)
        throw new Finding(`the record at ${record.byteOffset} became no row: ${parsed.error.message.slice(0, 500)}`);
    }
  }
}

/** The first look at a small file tells what the import will find. @throws Finding */
export function checkPreview(preview: FilePreview, { shape, records }: ReadingResult): void {
  if (!preview.total.isExact) return;
  const rejected = records.filter(({ kind }) => kind === 'bad').length;
  const told = [preview.total.records, preview.looked.rejected];
  if (told[0] !== records.length || told[1] !== rejected)
    throw new Finding(`the preview tells ${told.join(' records, bad: ')}; read: ${records.length}, bad: ${rejected}`);
  if (JSON.stringify(preview.shape) !== JSON.stringify(shape))
    throw new Finding(`the preview found ${JSON.stringify(preview.shape)} instead of ${JSON.stringify(shape)}`);
}
