import { useCallback } from 'react';
import { failureOf } from '../../connection/engine-access.ts';
import { useToast } from '../../ui/toast-context.ts';
import { speakerNow } from '../../words/speaker.ts';

/** Runs what a press began; a failure is told with its remedy. */
export function useAct(): (work: Promise<unknown>) => void {
  const toast = useToast();
  return useCallback(
    (work) => {
      work.catch((error: unknown) => {
        const { message, remedy } = speakerNow().failure(failureOf(error));
        toast({ tone: 'bad', text: `${message} ${remedy}` });
      });
    },
    [toast],
  );
}
