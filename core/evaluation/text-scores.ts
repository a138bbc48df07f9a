const charOrder = 6;
const beta = 2;

function characterGrams(signs: readonly string[], length: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + length <= signs.length; start += 1) {
    const gram = signs.slice(start, start + length).join('');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

function common(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): number {
  return sum([...first].map(([gram, count]) => Math.min(count, second.get(gram) ?? 0)));
}

/**
 * chrF of an answer against the expected text, 0..100: F-score with beta 2 of character n-grams 1..6, white space removed,
 * precision and recall averaged over the orders both texts have (Popovic 2015, "chrF: character n-gram F-score for automatic
 * MT evaluation"; beta 2 and the averaging as in sacrebleu 2 `sentence_chrf`, whose numbers the tests hold).
 */
export function chrF(answer: string, expected: string): number {
  const [hypothesis, reference] = [answer, expected].map((text) => [...text.replace(/\s+/gu, '')]);
  let [precision, recall, orders] = [0, 0, 0];
  for (let length = 1; length <= charOrder; length += 1) {
    const [found, wanted] = [characterGrams(hypothesis ?? [], length), characterGrams(reference ?? [], length)];
    if (found.size === 0 || wanted.size === 0) continue;
    const matches = common(found, wanted);
    precision += matches / sum(found.values());
    recall += matches / sum(wanted.values());
    orders += 1;
  }
  if (orders === 0 || precision + recall === 0) return 0;
  const [p, r] = [precision / orders, recall / orders];
  return (100 * (1 + beta ** 2) * p * r) / (beta ** 2 * p + r);
}

/** Words and numbers, case folded; punctuation is left out. */
function tokensOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  );
}

/** F1 over the words both texts share, 0..100 (as for SQuAD, Rajpurkar 2016, but articles are kept: they are English only). */
export function tokenF1(answer: string, expected: string): number {
  const [found, wanted] = [tokensOf(answer), tokensOf(expected)];
  if (found.length === 0 || wanted.length === 0)
    return answer.trim() !== '' && answer.trim() === expected.trim() ? 100 : 0;
  const counts = (tokens: readonly string[]): Map<string, number> =>
    new Map([...Map.groupBy(tokens, (token) => token)].map(([token, same]) => [token, same.length]));
  const matches = common(counts(found), counts(wanted));
  return (100 * 2 * matches) / (found.length + wanted.length);
}
