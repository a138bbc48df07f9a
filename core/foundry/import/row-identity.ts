import type { CanonicalMessage } from '#contract/rows.ts';
import { foldText } from '../../datasets/row-parts.ts';
import type { RowContent } from './row-content.ts';

/** SHA-256 of a text in UTF-8 as 64 hex characters. */
export type Digest = (text: string) => string;

const idCharacters = 32;
const groupCharacters = 16;

/** What tells two messages apart; without tools the same as for the rows of the main job, so that the same content has the same id there. */
function identity({ role, content, weight, tool_calls: calls, tool_call_id: answers }: CanonicalMessage): unknown[] {
  const usual = [role, content, weight ?? 1];
  if (calls === undefined && answers === undefined) return usual;
  const called = calls?.map(({ id, name, arguments: given }) => [id ?? '', name, given]) ?? [];
  return [...usual, called, answers ?? ''];
}

function identityOf(content: RowContent): unknown[] {
  const list = (messages: readonly CanonicalMessage[]): unknown[] => messages.map(identity);
  switch (content.kind) {
    case 'sft':
    case 'prompt': {
      const own = [content.kind, list(content.messages)];
      return content.tools === undefined ? own : [...own, content.tools];
    }
    case 'preference':
      return [content.kind, list(content.prompt), list(content.chosen), list(content.rejected)];
    case 'unpaired':
      return [content.kind, list(content.prompt), list(content.completion), content.label];
    case 'text':
      return [content.kind, content.text];
  }
}

/** Id of a row: the first 32 hex characters of SHA-256 over what it says, so that the same content has the same id everywhere. */
export function contentId(content: RowContent, digest: Digest): string {
  return digest(JSON.stringify(identityOf(content))).slice(0, idCharacters);
}

/** Leak group of a row that was given none: rows with the same folded prompt are one group; a text is its own. */
export function promptGroup(prompt: string, id: string, digest: Digest): string {
  const folded = foldText(prompt);
  return folded === '' ? id.slice(0, groupCharacters) : digest(folded).slice(0, groupCharacters);
}
