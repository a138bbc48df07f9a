import { Script } from 'node:vm';
import { parse as parseToml } from 'smol-toml';
import { parseJsonOnly, type CodeParser, type ParseVerdict } from '#core/foundry/filters/find-code.ts';

/** Languages whose code is really parsed here; others are found and not judged. */
export const parsedLanguages = ['JSON', 'JavaScript', 'TOML'] as const;

const javaScript: ReadonlySet<string> = new Set(['js', 'javascript', 'mjs', 'cjs', 'node', 'ecmascript']);
const moduleSyntax = /^\s*(?:import\b(?!\s*\()|export\b)/m;
/** Longer code is not compiled: it would cost more than it tells. */
const longestSource = 200_000;

/** Compiles the text as the body of an async function, and parses it as one on its own: nothing in it can close that function, and nothing is run. */
const AsyncFunction = (async () => undefined).constructor as new (body: string) => unknown;

/** As a script, or as a snippet with `return` or `await`. Nothing is run. */
function parseJavaScript(source: string): ParseVerdict {
  // Compiling a module needs a flag of Node, so modules are not judged.
  if (moduleSyntax.test(source)) return 'unknown';
  return compiles(() => new Script(source)) || compiles(() => new AsyncFunction(source)) ? 'parses' : 'broken';
}

function compiles(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch (error) {
    // A parser's own errors all say that the text is not of its language.
    if (error instanceof Error) return false;
    throw error;
  }
}

export const parseCode: CodeParser = (block) => {
  if (block.source.length > longestSource) return 'unknown';
  if (javaScript.has(block.language)) return parseJavaScript(block.source);
  if (block.language === 'toml') return compiles(() => parseToml(block.source)) ? 'parses' : 'broken';
  return parseJsonOnly(block);
};
