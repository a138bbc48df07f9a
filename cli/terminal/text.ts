/** Marks and joiners that take part in a letter but have no column of their own. */
const zeroWidth = /^(?:\p{Mark}|\u200b|\u200c|\u200d|\u2060|[\ufe00-\ufe0f])$/u;
/** East Asian wide and full-width ranges, and pictographs: two columns in every terminal Forge was seen in. */
const doubleWidth =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const escape = '\u001b';
const bell = '\u0007';
const styleSequence = new RegExp(`${escape}\\[[0-9;]*m`, 'g');
/** What programs send to steer a terminal: CSI, OSC (titles, links) and the two-character sequences. */
const controlSequence = new RegExp(
  `${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|[@-_])`,
  'g',
);
const cutSequence = new RegExp(`${escape}(?:\\[[0-?]{0,60}[ -/]{0,10}|\\][^${bell}${escape}]{0,500})?$`);
/** Control characters and the marks that reverse the direction of text: data may not steer the terminal. */
const unsafe = /(?!\n)[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Text from outside (a dataset, a model, a log) made harmless: no escape sequence, no control character except newline, which
 * stays, and tab, which becomes two spaces.
 */
export function plainText(text: string): string {
  return text.replace(controlSequence, '').replace(/\r\n?/g, '\n').replace(/\t/g, '  ').replace(unsafe, '');
}

/** The beginning of an escape sequence at the end of a piece of text, whose rest comes with the next piece; empty when there is none. */
export function cutOffSequence(text: string): string {
  return cutSequence.exec(text)?.[0] ?? '';
}

/** Like `plainText`, on one line: newlines and runs of blanks become one blank. */
export function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim();
}

/** The text without Forge's own colours. */
export function withoutStyle(text: string): string {
  return text.replace(styleSequence, '');
}

function graphemeWidth(grapheme: string): number {
  if (zeroWidth.test(grapheme)) return 0;
  return doubleWidth.test(grapheme) ? 2 : 1;
}

/** Columns the text takes in a terminal; style sequences take none. */
export function displayWidth(text: string): number {
  const bare = withoutStyle(text);
  if (/^[\u0020-\u007e]*$/.test(bare)) return bare.length;
  let width = 0;
  for (const { segment } of segmenter.segment(bare)) width += graphemeWidth(segment);
  return width;
}

/** Cuts plain text (no styles) to at most `width` columns and ends it with an ellipsis when something was cut. */
export function truncate(text: string, width: number, ellipsis = '…'): string {
  if (displayWidth(text) <= width) return text;
  const room = width - displayWidth(ellipsis);
  if (room <= 0) return width > 0 ? ellipsis.slice(0, width) : '';
  let used = 0;
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    used += graphemeWidth(segment);
    if (used > room) break;
    kept += segment;
  }
  return kept.trimEnd() + ellipsis;
}

/** Fills with blanks on the right up to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Fills with blanks on the left up to `width` columns. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

function breakWord(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of segmenter.segment(word)) {
    if (piece !== '' && displayWidth(piece + segment) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...pieces, piece];
}

function wrapParagraph(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(/ +/)) {
    const candidate = line === '' ? word : `${line} ${word}`;
    if (displayWidth(candidate) <= width) {
      line = candidate;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = displayWidth(word) > width ? breakWord(word, width) : [word];
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

/** Breaks text into lines of at most `width` columns (>= 1), between words where that is possible. Newlines in it are kept. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, Math.max(1, width)));
}
