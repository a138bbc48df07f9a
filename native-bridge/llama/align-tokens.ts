/** Tokens that may share one character: a sign of four bytes, or two joined, can take as many. */
const longestGroup = 16;

/**
 * The text of each token, so that all of them joined are exactly `text`. A character spread over several tokens stands with the first of them, the others are
 * empty. Where a tokenizer changes what it reads (spaces, Unicode forms) the token gets the text it stands for as far as that can be told.
 */
export function alignTokens(
  tokens: readonly number[],
  text: string,
  detokenise: (tokens: readonly number[], before: readonly number[]) => string,
): string[] {
  const texts: string[] = [];
  let [place, group, start] = [0, [] as number[], 0];
  const settle = (piece: string): void => {
    texts.push(piece, ...group.slice(1).map(() => ''));
    place += piece.length;
    start += group.length;
    group = [];
  };
  for (const token of tokens) {
    group.push(token);
    const said = detokenise(group, tokens.slice(Math.max(0, start - 8), start));
    const found = [said, said.replace(/^ /, ''), ` ${said}`].find(
      (piece) => piece !== '' && !endsTorn(piece) && text.startsWith(piece, place),
    );
    if (found !== undefined) settle(found);
    else if (group.length >= longestGroup) break;
  }
  const rest = text.slice(place);
  if (group.length > 0) settle(rest);
  else if (rest !== '' && texts.length > 0) texts[texts.length - 1] += rest;
  while (texts.length < tokens.length) texts.push('');
  return texts;
}

/** Half a character comes out as the replacement sign. */
function endsTorn(piece: string): boolean {
  return piece.endsWith('\uFFFD');
}
