import { useEffect, useRef, type RefObject } from 'react';

/** How near to the bottom still counts as being there, in CSS pixels. */
const slack = 48;

/**
 * Keeps a box that scrolls at its bottom while text grows in it, unless the reader has scrolled up. `length` is the number of things in
 * it: one more goes to the bottom in any case.
 */
export function useFollowBottom(length: number): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  useEffect(() => {
    isFollowing.current = true;
  }, [length]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const goDown = (): void => {
      if (isFollowing.current) element.scrollTop = element.scrollHeight;
    };
    const onScroll = (): void => {
      isFollowing.current = element.scrollHeight - element.scrollTop - element.clientHeight < slack;
    };
    const watcher = new MutationObserver(goDown);
    watcher.observe(element, { childList: true, subtree: true, characterData: true });
    element.addEventListener('scroll', onScroll, { passive: true });
    goDown();
    return () => {
      watcher.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, []);
  return box;
}
