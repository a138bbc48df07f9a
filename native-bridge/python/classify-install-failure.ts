import type { ErrorCode } from '#contract/errors.ts';

export type InstallFailure = Extract<
  ErrorCode,
  | 'environment.hash-mismatch'
  | 'environment.disk-full'
  | 'environment.not-writable'
  | 'environment.offline'
  | 'environment.network-lost'
  | 'environment.no-build'
  | 'environment.venv-broken'
  | 'environment.install-failed'
>;

/** Order matters: a wrong digest is reported by uv as a failed download, a full disk as a failed installation. */
const signs: readonly (readonly [InstallFailure, RegExp])[] = [
  ['environment.hash-mismatch', /hash mismatch|do not match the hashes|hashes? (?:did|does) not match/i],
  [
    'environment.disk-full',
    /no space left on device|os error 28\b|not enough space on the disk|os error 112\b|disk quota exceeded/i,
  ],
  ['environment.not-writable', /permission denied|os error 13\b|access is denied|read-only file system|os error 30\b/i],
  ['environment.offline', /network was disabled/i],
  [
    'environment.network-lost',
    /failed to (?:fetch|download)|error sending request|dns error|connection (?:reset|refused|closed|aborted)|timed out|tunnel error|unexpected eof|max retries|newconnectionerror|network is unreachable|error decoding response body/i,
  ],
  [
    'environment.venv-broken',
    /ensurepip is not|'ensurepip'.*(?:returned non-zero|died with)|no module named (?:venv|ensurepip|pip)|python3-venv/i,
  ],
  [
    'environment.no-build',
    /no wheels? with a matching|has no (?:usable )?wheels|not compatible with|only-binary|doesn't have a (?:source|wheel)/i,
  ],
];

/** What went wrong, from what uv or pip wrote (English only; both are). Unknown words are `install-failed`. */
export function classifyInstallFailure(output: string): InstallFailure {
  return signs.find(([, pattern]) => pattern.test(output))?.[0] ?? 'environment.install-failed';
}

/** The line that says what failed and its deepest cause, at most 300 characters, without passwords in addresses. */
export function summariseInstallFailure(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const first = lines.find((line) => /^error:/i.test(line)) ?? lines.at(-1) ?? 'it said nothing';
  const cause = lines.filter((line) => /^cause:/i.test(line)).at(-1);
  const parts = [first, cause]
    .filter((part) => part !== undefined)
    .map((part) => withoutSecrets(part.replace(/^(?:error|cause):\s*/i, '')));
  return plainVenvFailure(parts.join(': ')).replace(/\.$/, '').slice(0, 300);
}

/** `venv` names the whole command of the step that failed, and hides what that said. */
function plainVenvFailure(text: string): string {
  return text.replace(
    /Command '\[.*'ensurepip'.*\]' (?<how>returned|died)/,
    'its part ensurepip, which brings pip, $<how>',
  );
}

/** Addresses of private indexes carry passwords before the host and tokens in the query. */
function withoutSecrets(text: string): string {
  return text.replace(/:\/\/[^/\s@]*@/g, '://').replace(/\?\S*/g, '');
}
