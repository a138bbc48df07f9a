import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';
import {
  checkSpace,
  describedFile,
  openCommit,
  totalBytesOf,
  type HubAccess,
  type HubFile,
} from '../hub/hub-repository.ts';
import { datasetQuestion, type DatasetAtRevision } from './hub-question.ts';

export interface HubDatasetFiles {
  /** 40 hex digits. */
  readonly commit: string;
  /** All files whose paths can be taken over as they are. */
  readonly files: readonly HubFile[];
  fetch(files: readonly HubFile[], target: HubTarget): Promise<void>;
}

export interface HubTarget {
  /** The files lie below it by their paths in the repository, and nothing else afterwards. */
  readonly folder: string;
  onBytes(file: HubFile, doneBytes: number, totalBytes: number): void;
}

const mostFiles = 10_000;
/** Each part of a path becomes a name on the disk: nothing hidden, nothing that leads elsewhere. */
const soundPart = /^(?!\.)[^\\:*?"<>|\p{Cc}]{1,200}$/u;

async function removeOthers(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !wanted.has(file)) await rm(file, { force: true });
  }
}

/**
 * A dataset of the hub at one commit: what files it has, and a way to fetch some of them resumably, each held against its digest.
 * @throws ForgeError dataset.not-on-hub, dataset.hub-*, network.*
 */
export async function openHubDataset(
  access: HubAccess,
  dataset: DatasetAtRevision,
  step: FetchStep,
): Promise<HubDatasetFiles> {
  const { repository } = dataset;
  const hub = await openCommit(access, datasetQuestion(dataset), step);
  const refuse = (reason: string): ForgeError => new ForgeError('dataset.hub-not-usable', { repository, reason });
  const sound = hub.entries.filter(
    ({ type, path: place }) => type === 'file' && place.split('/').every((part) => soundPart.test(part)),
  );
  return {
    commit: hub.commit,
    files: sound.map((entry) => describedFile(entry, refuse)),
    async fetch(files, { folder, onBytes }) {
      if (files.length > mostFiles) throw refuse(`it has ${files.length} files of rows`);
      await mkdir(folder, { recursive: true });
      await checkSpace({ id: repository, folder, existing: folder }, totalBytesOf(files));
      const nameOf = (file: HubFile): string => path.join(...file.path.split('/'));
      const textOf = (file: HubFile): string => `fetching ${repository}: ${file.path}`;
      await hub.fetch(files, { folder, nameOf, textOf, onBytes });
      await removeOthers(folder, new Set(files.map((file) => path.join(folder, nameOf(file)))));
    },
  };
}
