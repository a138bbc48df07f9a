import { ErrorNotice } from '../../../ui/error-notice.tsx';
import type { ActState } from '../acts.ts';

export interface FailureProps extends Pick<ActState, 'failures'> {
  /** Name of the act. */
  readonly of: string;
  readonly onRetry?: (() => void) | undefined;
}

/** Why an act did not go; nothing where it did. */
export function Failure({ failures, of, onRetry }: FailureProps) {
  const failure = failures.get(of);
  return failure === undefined ? null : <ErrorNotice failure={failure} onRetry={onRetry} />;
}
