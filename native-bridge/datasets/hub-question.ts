import { ForgeError } from '#contract/errors.ts';
import { hubSecret, type HubQuestion, type HubRefusal } from '../hub/hub-repository.ts';

const maximumAnswerBytes = 20_000_000;

/** Which dataset of the hub at which revision is meant. */
export interface DatasetAtRevision {
  /** `owner/name`. */
  readonly repository: string;
  readonly revision: string;
}

function refusalOf({ repository, revision }: DatasetAtRevision, answer: HubRefusal): ForgeError {
  const { status, purpose, hasToken, errorCode, retryAfterSeconds } = answer;
  if (errorCode === 'RevisionNotFound') return new ForgeError('dataset.hub-revision-unknown', { repository, revision });
  if (status === 401 || status === 403) {
    const reason = hasToken
      ? 'the token that is set is not allowed to read it'
      : 'no token is set, or there is no such dataset';
    return new ForgeError('dataset.hub-gated', { repository, reason, secret: hubSecret });
  }
  if (status === 404 || status === 410) return new ForgeError('dataset.not-on-hub', { repository, revision });
  if (status === 429) {
    const minutes = retryAfterSeconds === null ? 5 : Math.max(1, Math.ceil(retryAfterSeconds / 60));
    return new ForgeError('dataset.hub-busy', { minutes });
  }
  return new ForgeError('dataset.hub-refused', { status, purpose });
}

/** How a dataset of the hub is asked for, and what its refusals mean. */
export function datasetQuestion({ repository, revision }: DatasetAtRevision): HubQuestion {
  return {
    kind: 'datasets',
    repository,
    revision,
    id: repository,
    lookingUp: `looking up the files of the dataset ${repository}`,
    downloading: `downloading the dataset ${repository}`,
    recursive: true,
    maximumAnswerBytes,
    refused: (answer) => refusalOf({ repository, revision }, answer),
    unreadable: (reason = 'no JSON') =>
      new ForgeError('dataset.hub-not-usable', {
        repository,
        reason: `the hub's description of it is not readable (${reason})`,
      }),
  };
}
