// docs/data-requirements.md says which test shows which requirement: a test that was renamed or taken away must not leave its promise behind.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from './repository-files.ts';

const wanted = [...Array.from({ length: 14 }, (_, index) => index + 1), 28, 29, 30, 31].map((number) => `D-${number}`);

interface Shown {
  readonly requirement: string;
  readonly file: string;
  readonly title: string;
}

/** Lines like "- `core/split.test.ts` › a group is never cut" below a heading like "## D-11 Split". */
function promisesOf(text: string): readonly Shown[] {
  return text.split(/^## /m).flatMap((section) => {
    const requirement = /^D-\d+/.exec(section)?.[0];
    if (requirement === undefined) return [];
    return [...section.matchAll(/^- `([^`]+)` › (.+)$/gm)].map(([, file = '', title = '']) => ({
      requirement,
      file,
      title,
    }));
  });
}

const read = (file: string): Promise<string> => readFile(path.join(repositoryRoot, file), 'utf8');

test('every requirement on data names a test that shows it, and each of those tests exists', async () => {
  const promises = promisesOf(await read(path.join('docs', 'data-requirements.md')));
  assert.deepEqual([...new Set(promises.map(({ requirement }) => requirement))], wanted);
  const broken: string[] = [];
  for (const { requirement, file, title } of promises) {
    const source = await read(file).catch(() => '');
    const titles = [...source.matchAll(/^\s*(?:test|it)(?:\.\w+)?\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gm)].map(
      ([, , found]) => found,
    );
    if (!titles.some((found) => found?.includes(title))) broken.push(`${requirement}: ${file} › ${title}`);
  }
  assert.deepEqual(broken, []);
});
