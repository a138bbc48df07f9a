import { isJson } from '#contract/json-text.ts';
/** One piece of code in a text. */
export interface CodeBlock {
  /** As the fence names it, lower case; `json` where the whole text is JSON; empty where nothing names it. */
  readonly language: string;
  readonly source: string;
}

/** What a real parser says; `unknown` where there is none for the language. */
export type ParseVerdict = 'parses' | 'broken' | 'unknown';

/** Parses code and never runs it. Core has no parser beyond JSON; the engine hands in one for more languages. */
export type CodeParser = (block: CodeBlock) => ParseVerdict;

export const parseJsonOnly: CodeParser = ({ language, source }) => {
  if (language === 'json') return isJson(source) ? 'parses' : 'broken';
  if (language !== 'jsonl') return 'unknown';
  return source.split('\n').every((line) => line.trim() === '' || isJson(line)) ? 'parses' : 'broken';
};

/** CommonMark 4.5: a fence of three and more backticks or tildes, closed by at least as many, or by the end of the text. */
const fence = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`{]*)[^\n`]*\n/gm;
/** Lines that are written in code and hardly ever in prose. */
const codeLine =
  /^\s*(?:(?:def|class|function|fn|func|interface|struct|impl|module|namespace)\s+[\w$]+\s*[({:<]|(?:import|from)\s+[\w.{}*, '"/@-]+(?:\s+import\b|;|$)|#include\s*[<"]|(?:const|let|var)\s+[\w${[][^=\n]*=|(?:public|private|protected|static)\s+[\w<>[\]]+\s+\w+|(?:if|for|while|switch)\s*\(.*\)\s*\{|(?:if|for|while|elif|else|try|with)\b[^.!?]*:\s*$|return\b.*;|SELECT\s.+\sFROM\s|(?:CREATE|ALTER|DROP)\s+TABLE\b|INSERT\s+INTO\b|UPDATE\s+\w+\s+SET\b|<\?php|[\w.$]+\s*[+-]?=\s*[^=].*;|\}\s*(?:else|catch|finally)?\b.*\{?$|[-+]{3} [ab]\/|@@ -\d)/;
const leastCodeLines = 2;
/** The beginning of a line tells; a line of a megabyte would be read again and again. */
const readOfLine = 240;

/** The fenced blocks of a text; without any, the whole text where it is JSON or at least two of its lines, and a third of them, look like code. */
export function codeBlocksOf(text: string): readonly CodeBlock[] {
  const blocks = fencedBlocks(text);
  if (blocks.length > 0) return blocks;
  const trimmed = text.trim();
  if (/^[{[]/.test(trimmed) && /[}\]]$/.test(trimmed) && isJson(trimmed))
    return [{ language: 'json', source: trimmed }];
  const lines = trimmed.split('\n').filter((line) => line.trim() !== '');
  const like = lines.filter((line) => codeLine.test(line.slice(0, readOfLine))).length;
  return like >= leastCodeLines && like * 3 >= lines.length ? [{ language: '', source: trimmed }] : [];
}

function fencedBlocks(text: string): CodeBlock[] {
  if (!text.includes('```') && !text.includes('~~~')) return [];
  const blocks: CodeBlock[] = [];
  fence.lastIndex = 0;
  for (let open = fence.exec(text); open !== null; open = fence.exec(text)) {
    const [, marks = '```', language = ''] = open;
    const start = fence.lastIndex;
    const { end, next } = closingFence(text, start, marks);
    const source = text.slice(start, end);
    if (source.trim() !== '') blocks.push({ language: language.toLowerCase(), source });
    fence.lastIndex = next;
  }
  return blocks;
}

function closingFence(text: string, start: number, marks: string): { end: number; next: number } {
  const sign = marks[0] ?? '`';
  for (let line = start; line < text.length;) {
    const lineEnd = text.indexOf('\n', line);
    const whole = text.slice(line, lineEnd === -1 ? text.length : lineEnd).trim();
    if (whole.length >= marks.length && whole === sign.repeat(whole.length))
      return { end: line, next: lineEnd === -1 ? text.length : lineEnd + 1 };
    if (lineEnd === -1) break;
    line = lineEnd + 1;
  }
  return { end: text.length, next: text.length };
}

/** What a text's code is: none, all of what can be checked parses, some is broken, or nothing of it can be checked. */
export type CodeState = 'absent' | 'parses' | 'broken' | 'unchecked';

export function codeStateOf(text: string, parse: CodeParser): CodeState {
  const blocks = codeBlocksOf(text);
  if (blocks.length === 0) return 'absent';
  const verdicts = blocks.map(parse);
  if (verdicts.includes('broken')) return 'broken';
  return verdicts.includes('parses') ? 'parses' : 'unchecked';
}
