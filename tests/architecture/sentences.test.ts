// What the engine says to people is found again by the window (contract/sentences.ts). A sentence whose producer was reworded would be lost there silently.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentenceRegistry } from '#contract/sentences.ts';
import { repositoryFiles } from './repository-files.ts';

const producers = [
  'core/',
  'engine/',
  'native-bridge/',
  'contract/',
  'python-env/',
  'renderer/',
  'resources/',
  'domains/',
];
const notProducers = /\.test\.ts$|contract\/sentences\/|renderer\/words\/german\/|fixtures?\.|gallery/;

/** Put together from pieces by their producers, which tests beside them hold. */
const assembled = new Set([
  'dataset.joined-about-one',
  'dataset.count-other-file',
  'dataset.part-record',
  'machine.installed-package',
  'machine.summary-one-core',
  'plan.instead-two',
  'serving.no-setting',
  'serving.no-setting-under',
  'settings.secret-file',
  'settings.secret-file-user',
  'worker.diverged-gradient',
  'worker.diverged-loss',
  'worker.not-finite-gradient',
  'worker.not-finite-loss',
]);

/** Sentences that stand on several lines, and escaped signs, as one reads them. */
function asRead(source: string): string {
  return source
    .replace(/" *\n\s*f?"/g, '')
    .replace(/' \+\s*'/g, '')
    .replace(/\\(['"`])/g, '$1');
}

const source = repositoryFiles('.ts', '.tsx', '.py', '.json')
  .filter(({ path }) => producers.some((folder) => path.startsWith(folder)) && !notProducers.test(path))
  .map((file) => asRead(file.text()))
  .join('\n');

/** Names of settings and invariants are spoken from `maxLength`, `max_length` or `loss-finite`. */
function isName(words: string): boolean {
  const camel = words.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
  return [camel, words.replaceAll(' ', '_'), words.replaceAll(' ', '-')].some((name) => source.includes(name));
}

test('every sentence is said by somebody, in the same words', () => {
  const lost = Object.entries(sentenceRegistry).flatMap(([key, template]) => {
    if (assembled.has(key) || source.includes(`'${key}'`)) return [];
    const pieces = template.split(/\{\w+#?\}/).map((piece) => piece.trim());
    const missing = pieces.filter((piece) => /[a-z].*[a-z].*[a-z].*[a-z]/i.test(piece) && !source.includes(piece));
    return missing.length === 0 || isName(template) ? [] : [`${key}: ${missing.join(' … ')}`];
  });
  assert.deepEqual(lost, []);
});
