/** Marks that take part in a letter but no column of their own. */
const zeroWidth = /^[\p{Mark}\u200b-\u200d\u2060\ufe00-\ufe0f]$/u;
/** East Asian wide and full-width ranges, and pictographs: two columns in every terminal Forge was seen in. */
const doubleWidth =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const styleSequence = /\u001b\[[0-9;]*m/g;
/** Control characters and the marks that reverse the direction of text: data may not steer the terminal. */
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Text from outside (a dataset, a model, a log) made harmless: no escape sequence, no control character except newline, which
 * stays, and tab, which becomes two spaces.
 */
export function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex -- removing them is the purpose
  const withoutSequences = text.replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-_])/g, '');
  return withoutSequences.replace(/\r\n?/g, '\n').replace(/\t/g, '  ').replace(unsafe, '');
}

/** The same on one line: newlines and runs of blanks become one blank. */
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

/** The first `count` lines of `lines`; the last one says with an ellipsis that there was more. */
export function firstLines(lines: readonly string[], { count, width }: { count: number; width: number }): string[] {
  if (lines.length <= count) return [...lines];
  const kept = lines.slice(0, count);
  const last = kept.at(-1) ?? '';
  return [...kept.slice(0, -1), displayWidth(last) + 2 > width ? truncate(last, width - 1) : `${last} …`];
}
