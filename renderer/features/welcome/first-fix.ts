import type { ForgeErrorData } from '#contract/error-data.ts';

/** The one thing that mends a failed set-up, as a button. */
export type FirstFix = 'retry' | 'repair' | 'other-base' | 'network' | 'storage' | 'keys' | 'machine';

const fixes: Readonly<Record<string, FirstFix>> = {
  'environment.hash-mismatch': 'repair',
  'environment.install-failed': 'repair',
  'environment.probe-failed': 'repair',
  'environment.offline': 'network',
  'network.offline': 'network',
  'environment.disk-full': 'storage',
  'base-model.disk-full': 'storage',
  'engine.disk-full': 'storage',
  'base-model.gated': 'keys',
  'base-model.not-on-hub': 'other-base',
  'base-model.hub-answer-not-usable': 'other-base',
  'base-model.package-not-usable': 'other-base',
  'base-model.family-not-supported': 'other-base',
  'base-model.no-chat-template': 'other-base',
  'environment.no-build': 'machine',
  'environment.not-writable': 'machine',
};

/** By the failure's code; what is not listed is tried again, or, where that mends nothing, looked at with the machine's findings. */
export function fixFor({ code, retryable }: Pick<ForgeErrorData, 'code' | 'retryable'>): FirstFix {
  return fixes[code] ?? (retryable ? 'retry' : 'machine');
}
