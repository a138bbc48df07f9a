interface IgnoreRule {
  readonly pattern: RegExp;
  readonly isFolderOnly: boolean;
  readonly isBack: boolean;
}

const mostRules = 5_000;
const longestRule = 300;
const mostStars = 10;

/** Everything between is the pattern language of gitignore(5): `*`, `?`, `[a-z]`, `**`. */
function patternText(glob: string): string {
  let text = '';
  for (let index = 0; index < glob.length; index += 1) {
    const rest = glob.slice(index);
    const [group] = /^\[!?\]?[^\]/\\]{1,60}\]/.exec(rest) ?? [];
    if (rest.startsWith('**/')) [text, index] = [`${text}(?:[^/]+/)*`, index + 2];
    else if (rest === '**') [text, index] = [`${text}.*`, index + 1];
    else if (glob[index] === '*') text += '[^/]*';
    else if (glob[index] === '?') text += '[^/]';
    else if (group !== undefined) {
      const inner = group.slice(1, -1).replace(/^!/, '^').replaceAll('[', '\\[');
      [text, index] = [`${text}[${inner}]`, index + group.length - 1];
    } else text += (glob[index] ?? '').replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
  }
  return text;
}

function ruleOf(line: string): IgnoreRule | null {
  let glob = line.replace(/\r$/, '').replace(/(?<!\\)\s+$/, '');
  if (glob === '' || glob.startsWith('#') || glob.length > longestRule) return null;
  if (glob.split('*').length - 1 > mostStars) return null;
  const isBack = glob.startsWith('!');
  glob = glob.replace(/^!/, '').replace(/^\\(?=[!#])/, '');
  const isFolderOnly = glob.endsWith('/');
  glob = glob.replace(/\/+$/, '');
  const isAnchored = glob.includes('/');
  const text = patternText(glob.replace(/^\//, ''));
  try {
    return { pattern: new RegExp(`^${isAnchored ? '' : '(?:.*/)?'}${text}$`), isFolderOnly, isBack };
  } catch (error) {
    // A class like [z-a] is no pattern at all; git ignores nothing by it either.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Rules of one `.gitignore`, for paths below the folder it lies in. */
export type IgnoreRules = (path: string, isFolder: boolean) => 'ignored' | 'kept' | null;

/** Reads a `.gitignore` (gitignore(5)): the last rule that fits decides; null where none does. */
export function parseIgnoreRules(text: string): IgnoreRules {
  const rules = text
    .split('\n', mostRules)
    .map(ruleOf)
    .filter((rule) => rule !== null)
    .toReversed();
  return (path, isFolder) => {
    const rule = rules.find(({ pattern, isFolderOnly }) => (isFolder || !isFolderOnly) && pattern.test(path));
    return rule === undefined ? null : rule.isBack ? 'kept' : 'ignored';
  };
}
