import type { CanonicalMessage } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import { accept, type Converted, refuse } from '../../datasets/message-rules.ts';
import { convertMessageList } from './convert-messages.ts';

const [opening, closing] = ['<|im_start|>', '<|im_end|>'];

export function hasChatMlMarkers(text: string): boolean {
  return text.includes(opening) || text.includes(closing);
}

/** Turns of a text with ChatML markers. Markers that do not match, and text outside of them, refuse the row: guessing would learn the wrong side. */
export function parseChatMl(text: string): Converted<CanonicalMessage[]> {
  const wrong = refuse('BAD_MARKERS', say('dataset.row-markers'));
  const turns: { role: string; content: string }[] = [];
  let place = 0;
  while (text.slice(place).trim() !== '') {
    const start = text.indexOf(opening, place);
    const bodyStart = start + opening.length;
    const end = text.indexOf(closing, bodyStart);
    if (start === -1 || end === -1 || text.slice(place, start).trim() !== '') return wrong;
    const body = text.slice(bodyStart, end);
    const lineEnd = body.indexOf('\n');
    if (lineEnd === -1 || body.includes(opening)) return wrong;
    turns.push({ role: body.slice(0, lineEnd).trim(), content: body.slice(lineEnd + 1).replace(/\n$/, '') });
    place = end + closing.length;
  }
  return turns.length === 0 ? accept([]) : convertMessageList(turns);
}
