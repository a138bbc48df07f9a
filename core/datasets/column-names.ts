import type { ColumnMapping, DatasetFormat } from '#contract/datasets.ts';

/** Names that are understood without help, best first; compared lower-case with every run of other signs as `_`. */
const promptNames =
  'prompt instruction question ticket query input user request message email source text review sentence document'.split(
    ' ',
  );
const answerNames =
  'completion response answer output reply assistant target solution label category class intent sentiment summary translation'.split(
    ' ',
  );
const contextNames = ['context', 'input', 'passage'];
const systemNames = ['system', 'system_prompt', 'system_message'];
const groupNames = (
  'group group_id cluster cluster_id conversation_id conversation thread_id thread document_id doc_id dialog_id dialogue_id ' +
  'session_id source_id template'
).split(' ');
const idNames = ['id', 'row_id', 'uid', 'uuid', 'key'];

/** Sentence part for people: what a file may look like. */
export const acceptedColumns =
  'question/answer, prompt/completion, prompt/response, instruction/output, input/output, ticket/answer, text/label, ' +
  'messages, conversations; system, group (or cluster, conversation_id) and id may be there too';

function simpleName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_|_$/g, '');
}

/** Finds the places among column names; undefined when there is no prompt or no answer. */
export function suggestMapping(columns: readonly string[]): ColumnMapping | undefined {
  const bySimpleName = new Map(columns.toReversed().map((column) => [simpleName(column), column]));
  const find = (names: readonly string[], taken: readonly (string | undefined)[]): string | undefined => {
    const name = names.find((candidate) => bySimpleName.has(candidate) && !taken.includes(bySimpleName.get(candidate)));
    return name === undefined ? undefined : bySimpleName.get(name);
  };
  const prompt = find(promptNames, []);
  const answer = find(answerNames, [prompt]);
  if (prompt === undefined || answer === undefined) return undefined;
  const context = find(contextNames, [prompt, answer]);
  const system = find(systemNames, []);
  const group = find(groupNames, [prompt, answer]);
  const id = find(idNames, []);
  return {
    prompt,
    answer,
    ...(context === undefined ? {} : { context }),
    ...(system === undefined ? {} : { system }),
    ...(group === undefined ? {} : { group }),
    ...(id === undefined ? {} : { id }),
  };
}

/** Name for the format a mapping stands for. */
export function formatOfMapping(mapping: ColumnMapping): DatasetFormat {
  const pair = `${simpleName(mapping.prompt)}/${simpleName(mapping.answer)}`;
  if (pair === 'instruction/output') return 'alpaca';
  if (pair === 'prompt/completion') return 'prompt-completion';
  return pair === 'input/output' ? 'input-output' : 'columns';
}

/** The column that names the leak group or the id among keys, for formats with fixed places. */
export function findOptionalColumns(columns: readonly string[]): { group?: string; id?: string } {
  const find = (names: readonly string[]): string | undefined =>
    columns.find((column) => names.includes(simpleName(column)));
  const [group, id] = [find(groupNames), find(idNames)];
  return { ...(group === undefined ? {} : { group }), ...(id === undefined ? {} : { id }) };
}

/** Preference data must not be read as plain answers: a rejected answer would be learned. Returns what it is, in words. */
export function preferenceKind(columns: readonly string[], labelIsBoolean: boolean): string | undefined {
  const names = new Set(columns.map(simpleName));
  const has = (...wanted: string[]): boolean => wanted.every((name) => names.has(name));
  if (has('chosen', 'rejected')) return 'preference pairs (chosen and rejected answers)';
  if (has('preferred_output', 'non_preferred_output')) return 'preference pairs (preferred and non-preferred answers)';
  if (has('kto_tag')) return 'answers marked good or bad (kto_tag)';
  if (has('prompt', 'completion', 'label') && labelIsBoolean) return 'answers marked good or bad (label)';
  return undefined;
}
