import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chunkOf, loadedWith } from './built-window.ts';
import { percentile, worst } from './percentile.ts';

test('a percentile is a value of the list, whatever its order, and none of an empty list', () => {
  const values = Array.from({ length: 100 }, (_, index) => 99 - index);
  assert.deepEqual([percentile(values, 0.5), percentile(values, 0.99), worst(values)], [50, 99, 99]);
  assert.throws(() => percentile([], 0.5), RangeError);
});

test('what is loaded with a chunk are its imports and theirs, once each, and not what it asks for later', () => {
  const chunk = (imports: string[], dynamicImports: string[] = []) => ({
    file: 'assets/some.js',
    imports,
    dynamicImports,
    css: [],
    assets: [],
  });
  const manifest = { entry: chunk(['a', 'b'], ['late']), a: chunk(['b']), b: chunk(['a']), late: chunk([]) };
  assert.deepEqual([...loadedWith(manifest, 'entry')].sort(), ['a', 'b', 'entry']);
  assert.throws(() => chunkOf(manifest, 'gone'), /no gone/);
});
