import type { EditorProblem } from '../../../ui/code-editor/code-editor.tsx';
import { nameFor } from '../dataset-rows.ts';

/** As `scriptSource` of the contract. */
export const longestSource = 65_536;
/** As `scriptName` of the contract. */
export const scriptNamePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** What a new script begins with: it shows everything that the contract has (D-28), and changes next to nothing. */
export const startingScript = `"""Called for every row, in the order of the version. Standard library only; no files, no network."""

import re


def setup(sample):
    """Optional. Sees the first 200 rows, once, before the first call of transform."""
    print(len(sample), "rows to look at first, of kind", sample[0]["kind"])


def transform(row):
    """Gives the row as it is to be, a list of rows, or None to leave it out."""
    if row["kind"] != "sft":
        return row

    answer = row["messages"][-1]
    answer["content"] = re.sub(r"[ \\t]+\\n", "\\n", answer["content"]).strip()
    if answer["content"] == "":
        return None
    return row
`;

/** A script's name out of its file's: `Clean Up (2).py` becomes `clean-up-2`. */
export function scriptNameFor(file: string): string {
  const name = nameFor(file.replace(/\.py$/i, ''));
  return scriptNamePattern.test(name) ? name : 'script';
}

/**
 * Where in a script a failure lies: the last line of it that a traceback or a syntax error names, marked with the reason. None where no line is named, or where the
 * script is shorter by now.
 */
export function problemsOf(source: string, detail: Readonly<Record<string, unknown>>): readonly EditorProblem[] {
  const [reason, traceback] = [String(detail['reason'] ?? ''), String(detail['traceback'] ?? '')];
  const named = [
    ...traceback.matchAll(/File "script\.py", line (\d+)/g),
    ...reason.matchAll(/\(script\.py, line (\d+)\)/g),
  ];
  const line = Number(named.at(-1)?.[1] ?? Number.NaN);
  const lines = source.split('\n');
  const text = lines[line - 1];
  if (text === undefined) return [];
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const indent = text.length - text.trimStart().length;
  return [{ message: reason, from: start + indent, to: start + text.length }];
}
