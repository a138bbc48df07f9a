import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelCheck, ModelExport, ParityGate } from '#contract/exports.ts';
import { palette } from './colour.ts';
import { checkLines, exportLines } from './export-view.ts';
import { glyphs } from './glyphs.ts';

const style = { width: 80, palette: palette('none'), glyphs: glyphs(true) };
const tokens: ParityGate = {
  ...{ gate: 'tokens', name: 'same tokens', measured: '50 of 50 texts', needed: 'all', passed: true, remedy: null },
};
const loss: ParityGate = {
  ...{ gate: 'loss', name: 'same loss', measured: '0.1400 (+14.3 %)', needed: '+1 % or +0.005', passed: false },
  remedy: 'Export it in a larger file type.',
};
const sha256 = 'a'.repeat(64);
const checked: ModelCheck = {
  ...{ model: 'support:v1', type: 'Q8_0', path: '/models/support.Q8_0.gguf', sha256, recordedSha256: sha256 },
  ...{ isMeasured: true, passed: true, verdict: 'All is well.', gates: [tokens], report: null },
};
const exported: ModelExport = {
  ...{ model: 'support:v1', format: 'gguf', path: '/out/a.gguf', sizeBytes: 145_000_000, sha256, quantisation: 'Q8_0' },
  files: [{ path: '', sizeBytes: 145_000_000, sha256 }],
  ...{ isMeasured: true, check: null },
};

test('a check is its verdict, a table of what was measured and needed, and the file', () => {
  assert.deepEqual(checkLines(checked, style), [
    'All is well.',
    '',
    'check        measured        needed',
    'same tokens  50 of 50 texts  all     ✓ passed',
    '',
    '/models/support.Q8_0.gguf',
    `sha256 ${sha256}`,
  ]);
});

test('a gate that failed is followed by what to do, and a file that is not the measured one says so', () => {
  const lines = checkLines({ ...checked, passed: false, isMeasured: false, gates: [tokens, loss] }, style);
  assert.ok(lines.includes('same loss    0.1400 (+14.3 %)  +1 % or +0.005  ✗ failed'), lines.join('\n'));
  assert.ok(lines.includes('Export it in a larger file type.'));
  assert.ok(lines.includes('This is not the file that was scored and is served: its figures are its own.'));
  for (const line of lines) assert.ok(line.length <= 80, line);
});

test('the measured file is told in two lines', () => {
  assert.deepEqual(exportLines(exported, 71.4, style), [
    'support:v1 is in /out/a.gguf (145 MB, Q8_0).',
    `sha256 ${sha256}`,
  ]);
});

test('another file says that the score is not its own, what its loss is, and that it failed', () => {
  const check = { passed: false, lossChange: 0.1429, gates: [tokens, loss] };
  const text = exportLines({ ...exported, isMeasured: false, check }, 71.4, style).join(' ');
  assert.match(text, /not the file that was scored .*its score of 71\.4 points/);
  assert.match(text, /differs from the unquantised file by \+14\.3 %; it FAILS a check/);
  assert.match(text, /✗ failed/);
});

test('a merged folder lists the digest of each file', () => {
  const files = ['config.json', 'model.safetensors'].map((path) => ({ path, sizeBytes: 1000, sha256 }));
  const merged: ModelExport = {
    ...{ ...exported, format: 'merged', sha256: null, quantisation: null, files, isMeasured: false },
  };
  const lines = exportLines(merged, null, style);
  assert.deepEqual(lines.slice(0, 3), [
    'support:v1, merged, is in /out/a.gguf (145 MB).',
    `  sha256 ${sha256}  config.json (1 kB)`,
    `  sha256 ${sha256}  model.safetensors (1 kB)`,
  ]);
});
