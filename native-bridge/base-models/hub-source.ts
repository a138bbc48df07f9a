import { join } from 'node:path';
import type { BaseModelReceipt } from '#contract/base-models.ts';
import { ForgeError } from '#contract/errors.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';
import {
  checkSpace,
  describedFile,
  hubSecret,
  openCommit,
  totalBytesOf,
  type HubAccess,
  type HubEntry,
  type HubFile,
  type HubQuestion,
} from '../hub/hub-repository.ts';

export interface HubRequest {
  readonly id: string;
  readonly repository: string;
  readonly revision: string;
  /** Folder the files go to. */
  readonly folder: string;
}

const maximumAnswerBytes = 5_000_000;
const maximumFiles = 500;
const maximumModelBytes = 200e9;
/** What a model needs; weights in formats that can run code (.bin, .pt) and other people's conversions are left out. */
const wantedFile =
  /^(config\.json|generation_config\.json|tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|chat_template\.jinja|model(-\d+-of-\d+)?\.safetensors|model\.safetensors\.index\.json)$/;

/**
 * Fetches a model from the hub into a folder: the branch is resolved to its commit, the commit's list of files gives sizes and digests (SHA-256 for large
 * files, git's own for small ones), each file is fetched resumably and checked. What was whole before is not fetched again.
 */
export async function fetchFromHub(
  access: HubAccess,
  request: HubRequest,
  step: FetchStep,
): Promise<Pick<BaseModelReceipt, 'files' | 'digest' | 'commit' | 'parts'>> {
  const { id, folder } = request;
  const hub = await openCommit(access, questionOf(request), step);
  const files = chooseFiles(hub.entries, request.repository);
  await checkSpace({ id, folder, existing: join(folder, '..') }, totalBytesOf(files));
  await hub.fetch(files, {
    folder,
    nameOf: ({ path }) => path,
    textOf: ({ path }) => `downloading ${id}: ${path}`,
  });
  const parts = files.map(({ path, bytes, digest }) => ({
    path,
    bytes,
    sha256: digest.kind === 'sha256' ? digest.value : null,
  }));
  return { files: { kind: 'folder', path: folder }, digest: hub.commit, commit: hub.commit, parts };
}

function questionOf({ id, repository, revision }: HubRequest): HubQuestion {
  return {
    kind: 'models',
    repository,
    revision,
    id,
    lookingUp: `looking up the files of ${id}`,
    downloading: `downloading ${id}`,
    recursive: false,
    maximumAnswerBytes,
    refused({ status, purpose, hasToken }) {
      if (status === 401 || status === 403) {
        const reason = hasToken ? 'the token that is set is not allowed to read it' : 'no token is set';
        return new ForgeError('base-model.gated', { repository, reason, secret: hubSecret });
      }
      if (status === 404) return new ForgeError('base-model.not-on-hub', { repository, revision });
      return new ForgeError('base-model.hub-refused', { status, purpose });
    },
    unreadable: (reason = 'unreadable') => new ForgeError('base-model.hub-answer-not-usable', { repository, reason }),
  };
}

function chooseFiles(entries: readonly HubEntry[], repository: string): readonly HubFile[] {
  const refuse = (reason: string): ForgeError =>
    new ForgeError('base-model.hub-answer-not-usable', { repository, reason });
  const files = entries
    .filter(({ type, path }) => type === 'file' && wantedFile.test(path))
    .map((entry) => describedFile(entry, refuse));
  if (files.length > maximumFiles) throw refuse(`it lists ${files.length} files`);
  if (totalBytesOf(files) > maximumModelBytes) throw refuse('it is larger than 200 GB');
  for (const needed of ['config.json', 'tokenizer.json'])
    if (!files.some(({ path }) => path === needed)) throw refuse(`it has no ${needed}`);
  if (!files.some(({ path }) => path.endsWith('.safetensors'))) throw refuse('it has no .safetensors weights');
  // Small files first: a model that is not usable shows before the long download.
  return files.toSorted((a, b) => a.bytes - b.bytes);
}
