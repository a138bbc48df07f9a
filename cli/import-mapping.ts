import type { FieldMapping, ImportRequest } from '#contract/dataset-versions.ts';
import type { ImportPreview } from '#contract/import-preview.ts';
import type { Invocation } from './invocation.ts';
import { oneLine } from './terminal/text.ts';
import { withEngine } from './with-engine.ts';

function look(invocation: Invocation, request: ImportRequest): Promise<ImportPreview> {
  const { paths, mapping, encoding, delimiter, hasHeader, systemPrompt } = request;
  return withEngine(invocation, ({ client }) =>
    client.foundry.preview({ paths, mapping, encoding, delimiter, hasHeader, systemPrompt }),
  );
}

function written(mapping: FieldMapping): string {
  return oneLine(
    Object.entries(mapping)
      .map(([place, column]) => `${place}=${column}`)
      .join(','),
  );
}

/** What to type next where no record became a row: the columns there are, and what they seem to be. */
export async function mappingHint(invocation: Invocation, request: ImportRequest): Promise<string[]> {
  if (request.mapping !== null || invocation.json) return [];
  const { columns, suggested } = await look(invocation, request);
  if (columns.length === 0) return [];
  const names = columns.map(({ name }) => oneLine(name)).join(', ');
  const places = Object.keys(suggested).length === 0 ? 'prompt=<column>,answer=<column>' : written(suggested);
  return ['', `Its columns are ${names}.`, `Say which is which by adding: --map '${places}'`];
}

/** D-5: where no place is named and the columns alone do not tell, what was said the last time for the same columns holds again, and is told. */
export async function withRememberedMapping(invocation: Invocation, request: ImportRequest): Promise<ImportRequest> {
  if (request.mapping !== null) return request;
  const { format, remembered } = await look(invocation, request);
  if (format !== null || remembered === undefined) return request;
  const day = new Date(remembered.savedAt).toISOString().slice(0, 10);
  const places = written(remembered.mapping);
  invocation.terminal.err(`The places of ${day} for these columns are used: ${places} (--map says otherwise).\n`);
  return { ...request, mapping: remembered.mapping };
}
