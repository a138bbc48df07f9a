import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelExportRequest } from '#contract/exports.ts';
import { exportRequestOf, isAbsolute, mendedRequest } from './export-run.ts';
import { failure, targetExists } from './fixtures.ts';

test('an export needs an absolute path, of either kind of system', () => {
  assert.deepEqual(['/a', 'C:\\a', 'C:/a', '\\\\server\\a', 'a/b', '~/a', ''].map(isAbsolute), [
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  assert.equal(exportRequestOf('support:v3', { format: 'gguf', type: null, to: 'here.gguf' }), null);
});

test('a file type belongs to a GGUF of the whole model alone', () => {
  const merged = exportRequestOf('support:v3', { format: 'merged', type: 'Q4_K_M', to: ' /out/ ' });
  assert.equal(merged?.type, null);
  assert.equal(merged?.to, '/out/');
  assert.ok(modelExportRequest.safeParse(merged).success);
});

test('a file that is there can be replaced, a worse one written all the same, and nothing else is waved through', () => {
  const request = exportRequestOf('support:v3', { format: 'gguf', type: null, to: '/out/a.gguf' });
  assert.ok(request);
  assert.equal(mendedRequest({ kind: 'failed', request, failure: targetExists })?.overwrite, true);
  assert.equal(
    mendedRequest({ kind: 'failed', request, failure: { ...failure, code: 'export.worse' } })?.evenIfWorse,
    true,
  );
  assert.equal(mendedRequest({ kind: 'failed', request, failure }), null);
});
