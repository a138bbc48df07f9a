import type { ShownPiece } from '#contract/dataset-preview.ts';
import type { RowMessage } from '#contract/datasets.ts';
import type { ChatMessage } from '#contract/serving.ts';
import type { EncodedRow } from '#core/ports/row-tokeniser.ts';
import { alignTokens } from './align-tokens.ts';
import type { ContentPlace } from './content-places.ts';

/** A chat template as training uses it. */
export interface RowTemplate {
  renderRow(messages: readonly ChatMessage[], addGenerationPrompt: boolean): string;
  /** Where the contents of the messages stand in the rendered text; null when that cannot be known. */
  contentPlaces(messages: readonly ChatMessage[], text: string): readonly ContentPlace[] | null;
}

/** What is needed of a tokenizer to encode a row. */
export interface RowVocabulary {
  /** Control words become their tokens, as the trainer's tokenizer does it; nothing is added. */
  tokenise(text: string): number[];
  detokenise(tokens: readonly number[], before: readonly number[]): string;
  isControl(token: number): boolean;
  /** The model's own end of an answer, or null. */
  readonly endToken: number | null;
}

export interface RowEncoding {
  readonly template: RowTemplate;
  readonly vocabulary: RowVocabulary | null;
}

interface Segment {
  readonly start: number;
  readonly text: string;
  readonly learned: boolean;
}

/** A token, or without a tokenizer a run of text, before it is known which message it belongs to. */
interface Placed {
  readonly start: number;
  readonly text: string;
  readonly learned: boolean;
  readonly token: number | null;
}

/**
 * A row as the trainer makes it, step by step as forge_worker/training/encoding.py: for every assistant message with a weight, learned is what follows the
 * prompt (generation prompt included) up to and with the end of the answer, without the line break that templates put behind it.
 */
export function encodeRow({ template, vocabulary }: RowEncoding, row: readonly RowMessage[]): EncodedRow {
  // No template sees the weights.
  const messages = row.map(({ role, content }): ChatMessage => ({ role, content }));
  const whole = template.renderRow(messages, false);
  const isLearned = row.map(({ role, weight }) => role === 'assistant' && weight !== 0);
  const segments = segmentsOf(template, { messages, isLearned, whole });
  const cut = segments ?? [{ start: 0, text: whole, learned: false }];
  const { placed, endAdded } = vocabulary === null ? asText(cut) : asTokens(cut, whole, vocabulary);
  const places = template.contentPlaces(messages, whole) ?? [];
  const pieces = vocabulary === null ? splitByPlaces(placed, places) : placed.map((piece) => withPart(piece, places));
  const hasTokens = vocabulary !== null;
  return {
    ...bounded(pieces, hasTokens),
    tokens: hasTokens ? pieces.length : null,
    learnedTokens: hasTokens ? pieces.filter(({ learned }) => learned).length : null,
    breaksPrefix: segments === null,
    endAdded,
  };
}

/** What is read and what is learned, in turns; null when the template breaks the rule that text once written stays. */
function segmentsOf(
  template: RowTemplate,
  { messages, isLearned, whole }: { messages: readonly ChatMessage[]; isLearned: readonly boolean[]; whole: string },
): Segment[] | null {
  const segments: Segment[] = [];
  let done = 0;
  for (const index of messages.keys()) {
    if (isLearned[index] !== true) continue;
    const prompt = template.renderRow(messages.slice(0, index), true);
    const answered = template.renderRow(messages.slice(0, index + 1), false);
    if (!answered.startsWith(prompt) || !whole.startsWith(answered) || prompt.length < done) return null;
    const learnedEnd = Math.max(withoutTrailingSpace(answered), prompt.length);
    segments.push({ start: done, text: whole.slice(done, prompt.length), learned: false });
    segments.push({ start: prompt.length, text: whole.slice(prompt.length, learnedEnd), learned: true });
    done = learnedEnd;
  }
  return segments;
}

/** Length without the white space at the end, as Python's `rstrip` sees it. */
function withoutTrailingSpace(text: string): number {
  let end = text.length;
  while (end > 0 && isPythonSpace(text.charAt(end - 1))) end -= 1;
  return end;
}

function isPythonSpace(sign: string): boolean {
  return '\u001c\u001d\u001e\u001f\u0085'.includes(sign) || (/\s/.test(sign) && sign !== '\uFEFF');
}

function asText(segments: readonly Segment[]): { placed: Placed[]; endAdded: boolean } {
  const placed = segments.filter(({ text }) => text !== '').map((segment) => ({ ...segment, token: null }));
  return { placed, endAdded: false };
}

function asTokens(
  segments: readonly Segment[],
  whole: string,
  vocabulary: RowVocabulary,
): { placed: Placed[]; endAdded: boolean } {
  const [ids, placed] = [[] as number[], [] as Placed[]];
  let endAdded = false;
  for (const { start, text, learned } of segments) {
    if (text !== '') {
      const added = tokensOf(ids, { before: whole.slice(0, start), text }, vocabulary);
      let place = start;
      for (const [index, piece] of alignTokens(added, text, vocabulary.detokenise).entries()) {
        placed.push({ start: place, text: piece, learned, token: added[index] ?? null });
        place += piece.length;
      }
      for (const token of added) ids.push(token);
    }
    const last = ids.at(-1);
    if (!learned || last === undefined || vocabulary.isControl(last) || vocabulary.endToken === null) continue;
    ids.push(vocabulary.endToken);
    const said = vocabulary.detokenise([vocabulary.endToken], []);
    placed.push({ start: start + text.length, text: said, learned: true, token: vocabulary.endToken });
    endAdded = true;
  }
  return { placed, endAdded };
}

/** Tokens of `text`, which follows `before`: together when the tokens so far come out the same, else alone, which is what a server does. */
function tokensOf(
  ids: readonly number[],
  { before, text }: { before: string; text: string },
  vocabulary: RowVocabulary,
): number[] {
  const together = vocabulary.tokenise(before + text);
  return ids.every((id, index) => together[index] === id) ? together.slice(ids.length) : vocabulary.tokenise(text);
}

function partAt(place: number, places: readonly ContentPlace[]): ShownPiece['part'] {
  return places.find(({ start, end }) => place >= start && place < end)?.role ?? 'template';
}

function withPart({ start, text, learned, token }: Placed, places: readonly ContentPlace[]): ShownPiece {
  return { text, learned, token, part: partAt(start, places) };
}

/** Without tokens a piece is as long as nothing changes: cut where a message begins or ends. */
function splitByPlaces(placed: readonly Placed[], places: readonly ContentPlace[]): ShownPiece[] {
  const borders = places.flatMap(({ start, end }) => [start, end]).toSorted((a, b) => a - b);
  return placed.flatMap((piece) => {
    const end = piece.start + piece.text.length;
    const cuts = [piece.start, ...borders.filter((border) => border > piece.start && border < end), end];
    return cuts.slice(0, -1).flatMap((from, index) => {
      const text = piece.text.slice(from - piece.start, (cuts[index + 1] ?? end) - piece.start);
      return text === '' ? [] : [withPart({ ...piece, start: from, text }, places)];
    });
  });
}

/** Most pieces that are handed out, from the beginning and from the end: the answer stands at the end. */
const [firstPieces, lastPieces] = [2_500, 1_500];
/** The same for one piece of text without tokens, in characters. */
const [firstCharacters, lastCharacters] = [20_000, 10_000];

function bounded(pieces: readonly ShownPiece[], hasTokens: boolean): Pick<EncodedRow, 'pieces' | 'leftOut'> {
  if (!hasTokens) return boundedText(pieces);
  const leftOut = pieces.length - firstPieces - lastPieces;
  if (leftOut <= 0) return { pieces, leftOut: 0 };
  const gap = gapPiece(`${leftOut} tokens`);
  return { pieces: [...pieces.slice(0, firstPieces), gap, ...pieces.slice(-lastPieces)], leftOut };
}

function boundedText(pieces: readonly ShownPiece[]): Pick<EncodedRow, 'pieces' | 'leftOut'> {
  let leftOut = 0;
  const shown = pieces.flatMap((piece) => {
    const more = piece.text.length - firstCharacters - lastCharacters;
    if (more <= 0) return [piece];
    leftOut += more;
    const [head, tail] = [piece.text.slice(0, firstCharacters), piece.text.slice(-lastCharacters)];
    return [{ ...piece, text: head }, gapPiece(`${more} characters`), { ...piece, text: tail }];
  });
  const [few, many] = [shown.slice(0, firstPieces), shown.slice(firstPieces)];
  return many.length === 0
    ? { pieces: few, leftOut }
    : { pieces: [...few, gapPiece(`${many.length} parts`)], leftOut: leftOut + many.length };
}

function gapPiece(what: string): ShownPiece {
  return { text: `\n… ${what} not shown …\n`, learned: false, part: 'template', token: null };
}
