import { Badge } from '../../../ui/badge.tsx';
import { useRunsWords } from '../runs-words.ts';
import { toneOfState, type RunStateWord } from '../selectors.ts';

const wordOf = {
  waiting: 'stateWaiting',
  running: 'stateRunning',
  pausing: 'statePausing',
  paused: 'statePaused',
  stopping: 'stateStopping',
  succeeded: 'stateSucceeded',
  failed: 'stateFailed',
  cancelled: 'stateCancelled',
  interrupted: 'stateInterrupted',
} as const satisfies Record<RunStateWord, string>;

/** How a run stands, in a word. */
export function StateBadge({ state }: { readonly state: RunStateWord }) {
  const words = useRunsWords();
  return <Badge tone={toneOfState[state]}>{words(wordOf[state])}</Badge>;
}
