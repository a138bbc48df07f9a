import { mixBits } from '../../datasets/text-hash.ts';
import { createWordBuffer, scanWords } from '../words.ts';

const gramLength = 5;

/** Measures how much of an answer was copied from its prompt. Holds buffers, so one is made and used for every row. */
export type EchoMeasure = (prompt: string, answer: string) => number;

/**
 * Share of the answer's 5-grams of words that stand in the prompt, 0 to 1. Shorter answers are one gram: 1 when they stand in the prompt as they are. Words as
 * `scanWords` reads them, so case and punctuation make no difference.
 */
export function createEchoMeasure(): EchoMeasure {
  const words = createWordBuffer();
  const grams = new Set<number>();
  const eachGram = (text: string, length: number, found: (gram: number) => void): number => {
    scanWords(text, words);
    const count = Math.max(0, words.count - length + 1);
    for (let start = 0; start < count; start += 1) {
      let [high, low] = [0, 0];
      for (let place = start; place < start + length; place += 1) {
        high = mixBits(high ^ (words.first[place] ?? 0));
        low = mixBits(Math.imul(low, 31) ^ (words.second[place] ?? 0));
      }
      found(high * 2 ** 21 + (low >>> 11));
    }
    return count;
  };
  return (prompt, answer) => {
    scanWords(answer, words);
    const length = Math.min(gramLength, words.count);
    if (length === 0) return 0;
    grams.clear();
    eachGram(prompt, length, (gram) => grams.add(gram));
    let shared = 0;
    const count = eachGram(answer, length, (gram) => (shared += grams.has(gram) ? 1 : 0));
    return shared / count;
  };
}
