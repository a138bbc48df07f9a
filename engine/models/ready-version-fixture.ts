import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildFile } from '#contract/build-file.ts';
import { stepOutputs } from '#contract/build-outputs.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import { homeLayout } from '../home-layout.ts';

const equal = { equal: 1, of: 1, passed: true };
const report = {
  ...{ tokens: equal, template: equal, greedy: equal },
  logits: { argmaxAgreement: 1, maxLogProbabilityDifference: 0, passed: true },
  loss: { reference: 1, served: 1, change: 0, passed: true },
};
const summary = {
  ...{ rows: 1, meanPoints: 80, validShare: 1, allRightShare: 1 },
  ...{ allRightInterval: [0, 1] as [number, number], parts: {} },
};
const comparison = {
  ...{ rows: 1, clusters: 1, baseMean: 0, tunedMean: 80, delta: 80, interval: null, p: null },
  ...{ minimumVisible: null, mcnemar: null, resamples: 0, seed: 1 },
};

function stamp(output: unknown) {
  return { state: 'done', inputsDigest: 'd', text: '', seconds: 1, finishedAt: 1, job: null, output, artefacts: [] };
}

/** A version that can be served, as its main job would have left it; the path of its file, which is no model. */
export async function writeReadyVersion(home: string, name: string, version: number): Promise<string> {
  const directory = homeLayout(home).modelVersion(name, version);
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, `${name}.Q8_0.gguf`);
  await writeFile(file, `${name} ${version}`);
  const parity = stepOutputs.parity.parse({ type: 'Q8_0', path: file, sha256: 'a', report, remarks: [] });
  const evaluate = stepOutputs.evaluate.parse({
    ...{ answersPath: '', summary, baseSummary: summary, comparison },
    verdict: { kind: 'too-few', sentence: 'Too few rows.' },
  });
  const build = buildFile.parse({
    ...{ v: 1, id: `${name}-v${version}`, name, version, createdAt: version, updatedAt: 1, notes: [], failure: null },
    ...{ request: { base: 'smollm' }, requestDigest: 'd', state: 'succeeded' },
    steps: { parity: stamp(parity), evaluate: stamp(evaluate) },
  });
  await writeJsonAtomic(path.join(directory, 'build.json'), build);
  return file;
}
