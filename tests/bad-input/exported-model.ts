import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildFile } from '#contract/build-file.ts';
import { stepOutputs } from '#contract/build-outputs.ts';

export const modelBytes = 3_000_000;

/** A version with an exported file, as far as the registry is concerned; the path of the file. */
export function writeExportedModel(home: string): string {
  const directory = path.join(home, 'models', 'parcels', 'v1');
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'parcels.Q8_0.gguf');
  const content = Buffer.alloc(modelBytes, 5);
  writeFileSync(file, content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const equal = { equal: 1, of: 1, passed: true };
  const report = {
    ...{ tokens: equal, template: equal, greedy: equal },
    logits: { argmaxAgreement: 1, maxLogProbabilityDifference: 0, passed: true },
    loss: { reference: 1, served: 1, change: 0, passed: true },
  };
  const output = stepOutputs.parity.parse({ type: 'Q8_0', path: file, sha256, report, remarks: [] });
  const stamp = {
    state: 'done',
    inputsDigest: 'd',
    text: '',
    seconds: 1,
    finishedAt: 1,
    job: null,
    output,
    artefacts: [],
  };
  writeBuild(home, 'parcels', { parity: stamp });
  return file;
}

/** A version that has not come to its training. */
export function writeUnfinishedModel(home: string): void {
  mkdirSync(path.join(home, 'models', 'begun', 'v1'), { recursive: true });
  writeBuild(home, 'begun', {});
}

function writeBuild(home: string, name: string, steps: object): void {
  const build = buildFile.parse({
    ...{ v: 1, id: `${name}-v1`, name, version: 1, createdAt: 1, updatedAt: 1, notes: [], failure: null },
    ...{ request: { base: 'smollm' }, requestDigest: 'd', state: 'interrupted', steps },
  });
  writeFileSync(path.join(home, 'models', name, 'v1', 'build.json'), JSON.stringify(build));
}
