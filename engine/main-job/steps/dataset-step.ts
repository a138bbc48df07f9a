import path from 'node:path';
import { describeScoring } from '#core/evaluation/score-answer.ts';
import type { ReadDataset } from '#core/datasets/read-dataset.ts';
import { writeFileAtomic } from '#native-bridge/files/write-file-atomic.ts';
import type { Artefact } from '#contract/jobs.ts';
import { hashFile } from '#native-bridge/files/verify-artefacts.ts';
import { mkdir, stat } from 'node:fs/promises';
import { questionOf } from '../../evaluation/score-served.ts';
import { dataChoiceOf } from '../../datasets/data-choice.ts';
import { digestOf } from '../build-store.ts';
import { readVersionOf } from '../read-version.ts';
import { parityTexts } from '../parity-texts.ts';
import { writeRows } from '../row-files.ts';
import type { StepContext, StepDefinition } from '../step.ts';

/** Makes a dataset version of the file where it is none yet, then reads, checks and splits it. It comes before anything is installed: a bad file is told in a second. */
export const datasetStep: StepDefinition<'dataset'> = {
  step: 'dataset',
  title: 'checking the dataset',
  inputs: ({ build }) => ({
    request: build.requestDigest,
    heldOutRows: build.request.heldOutRows ?? null,
    seed: build.request.seed ?? null,
  }),
  async run(context) {
    const { build, services, signal } = context;
    const choice = await dataChoiceOf(build.request, services.appDirectory);
    const { reading, version, report } = await readVersionOf(choice, {
      services,
      step: { signal, report: (progress) => context.report(progress) },
    });
    const { read, split, scoring } = reading;
    for (const warning of [...report.warnings, ...split.report.warnings]) context.note(warning);
    const artefacts = await writeParts(context, {
      train: split.train,
      validation: split.validation,
      heldOut: split.heldOut,
      all: read,
    });
    const { train, heldOut } = split.report;
    return {
      output: {
        source: choice.file,
        ...(version === null ? {} : { version }),
        report,
        split: split.report,
        scoring,
        trainPath: 'data/train.jsonl',
        validationPath: 'data/validation.jsonl',
        heldOutPath: 'data/held-out.jsonl',
        textsPath: 'data/parity-texts.json',
        digest: digestOf(artefacts.map(({ name, sha256 }) => [name, sha256])),
      },
      artefacts,
      text: `${report.rows} rows: ${train.rows} to learn from, ${heldOut.rows} in ${heldOut.groups} groups kept aside; ${describeScoring(scoring)}${report.rejected.total > 0 ? `; ${report.rejected.total} rejected` : ''}`,
    };
  },
};

interface Parts {
  readonly train: ReadDataset['rows'];
  readonly validation: ReadDataset['rows'];
  readonly heldOut: ReadDataset['rows'];
  readonly all: ReadDataset;
}

async function writeParts(context: StepContext, parts: Parts): Promise<Artefact[]> {
  const folder = path.join(context.directory, 'data');
  await mkdir(folder, { recursive: true });
  const files = {
    train: 'train.jsonl',
    validation: 'validation.jsonl',
    heldOut: 'held-out.jsonl',
    texts: 'parity-texts.json',
  };
  await writeRows(path.join(folder, files.train), parts.train);
  await writeRows(path.join(folder, files.validation), parts.validation);
  await writeRows(path.join(folder, files.heldOut), parts.heldOut);
  const texts = parityTexts(parts.all.rows.map((row) => questionOf(row).messages.at(-1)?.content ?? ''));
  await writeFileAtomic(path.join(folder, files.texts), JSON.stringify(texts));
  return Promise.all(Object.entries(files).map(([name, file]) => describeFile(name, path.join(folder, file))));
}

async function describeFile(name: string, file: string): Promise<Artefact> {
  return { name, path: file, bytes: (await stat(file)).size, sha256: await hashFile(file) };
}
