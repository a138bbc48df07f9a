import { useCallback, useSyncExternalStore } from 'react';

/** Whether a media query holds now, and again when that changes. */
export function useMedia(query: string): boolean {
  const follow = useCallback(
    (changed: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    [query],
  );
  return useSyncExternalStore(follow, () => matchMedia(query).matches);
}

/** The window is so narrow that the inspector lies over the page. */
export const narrowForInspector = '(max-width: 1199px)';
