import { useCallback, useLayoutEffect, useState, type RefObject } from 'react';
import { bestPlace, type Obstacle, type Room, type ToastPlace } from './toast-place.ts';

const controls =
  'a[href], button, input, select, textarea, summary, [role="slider"], [role="switch"], [role="tab"], [contenteditable="true"]';
const marginRem = 1;
/** Pages change under a notice: menus open, rows come. */
const lookEveryMs = 400;
const weights = { focused: 1_000, beside: 100, typedInto: 50, other: 1 };

/** Where the notices stand so that they cover no control that is in use. Looked at again while there are any, but for when one is pointed at. */
export function useToastPlace(
  region: RefObject<HTMLElement | null>,
  { count, isHeld }: { readonly count: number; readonly isHeld: () => boolean },
): ToastPlace {
  const [place, setPlace] = useState<ToastPlace>('bottom-end');
  const look = useCallback(() => {
    const element = region.current;
    if (element === null || isHeld()) return;
    const room = roomFor(element);
    element.style.setProperty('--page-start', `${room.area.left}px`);
    setPlace((current) => bestPlace(room, obstaclesBeside(element), current));
  }, [region, isHeld]);
  // Before it is painted: a notice must not be seen at one place and then at another.
  useLayoutEffect(() => {
    if (count === 0) return setPlace('bottom-end');
    look();
    const timer = setInterval(look, lookEveryMs);
    document.addEventListener('focusin', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('focusin', look);
    };
  }, [count, look]);
  return place;
}

function roomFor(region: HTMLElement): Room {
  const { width, height } = region.getBoundingClientRect();
  const page = document.querySelector('#content') ?? document.documentElement;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  return { area: page.getBoundingClientRect(), width, height, margin: marginRem * rem };
}

function obstaclesBeside(region: HTMLElement): readonly Obstacle[] {
  const focused = document.activeElement;
  const group = focused?.closest('form, [role="dialog"], [role="toolbar"], [role="group"]') ?? null;
  return [...document.querySelectorAll<HTMLElement>(controls)].flatMap((control) => {
    if (region.contains(control)) return [];
    const box = control.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || box.bottom < 0 || box.top > innerHeight) return [];
    return [{ box, weight: weightOf(control, focused, group) }];
  });
}

function weightOf(control: HTMLElement, focused: Element | null, group: Element | null): number {
  if (control === focused) return weights.focused;
  if (group?.contains(control) === true) return weights.beside;
  return control.matches('textarea, input') ? weights.typedInto : weights.other;
}
