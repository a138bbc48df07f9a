import {
  cloneElement,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import { createPortal } from 'react-dom';
import { Keys } from './key-hint.tsx';
import { placeBeside, type Side } from './tooltip-place.ts';
import styles from './tooltip.module.css';

export interface TooltipProps {
  readonly text: ReactNode;
  /** A key that does the same, printed beside the text. */
  readonly keys?: string | undefined;
  readonly side?: Side;
  /** One element that takes the focus and passes its events on. Its own label must say what it is; a tooltip only adds. */
  readonly children: ReactElement<TriggerEvents>;
}

interface TriggerEvents {
  readonly onPointerEnter?: ((event: PointerEvent<HTMLElement>) => void) | undefined;
  readonly onPointerLeave?: ((event: PointerEvent<HTMLElement>) => void) | undefined;
  readonly onPointerDown?: ((event: PointerEvent<HTMLElement>) => void) | undefined;
  readonly onFocus?: ((event: FocusEvent<HTMLElement>) => void) | undefined;
  readonly onBlur?: ((event: FocusEvent<HTMLElement>) => void) | undefined;
}

/**
 * A word beside a thing, on hover and on focus; Escape takes it away, and the pointer may go onto it. Nothing that is needed may stand
 * only here. Written by hand because it comes with every button, and so with the first load.
 */
export function Tooltip({ text, keys, side = 'top', children }: TooltipProps) {
  const { anchor, show, hide, hideNow } = useShown();
  const { props } = children;
  const trigger = cloneElement(children, {
    onPointerEnter: (event) => {
      props.onPointerEnter?.(event);
      if (event.pointerType !== 'touch') show(event.currentTarget);
    },
    onPointerLeave: (event) => {
      props.onPointerLeave?.(event);
      hide();
    },
    onPointerDown: (event) => {
      props.onPointerDown?.(event);
      hideNow();
    },
    onFocus: (event) => {
      props.onFocus?.(event);
      if (event.currentTarget.matches(':focus-visible')) show(event.currentTarget);
    },
    onBlur: (event) => {
      props.onBlur?.(event);
      hideNow();
    },
  });
  return (
    <>
      {trigger}
      {anchor !== null && (
        <Bubble anchor={anchor} side={side} onEnter={() => show(anchor)} onLeave={hide} onEscape={hideNow}>
          {text}
          {keys !== undefined && <Keys keys={keys} />}
        </Bubble>
      )}
    </>
  );
}

const showAfterMs = 450;
const hideAfterMs = 120;
/** Going along a row of signs, the next word comes at once. */
const neighbourMs = 400;
let lastHiddenAt = Number.NEGATIVE_INFINITY;

function useShown() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (next: HTMLElement | null, afterMs: number): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAnchor(next), afterMs);
  };
  const hideIn = (afterMs: number): void => {
    if (anchor !== null) lastHiddenAt = performance.now();
    change(null, afterMs);
  };
  return {
    anchor,
    show: (element: HTMLElement) => change(element, performance.now() - lastHiddenAt < neighbourMs ? 0 : showAfterMs),
    hide: () => hideIn(hideAfterMs),
    hideNow: () => hideIn(0),
  };
}

interface BubbleProps {
  readonly anchor: HTMLElement;
  readonly side: Side;
  readonly onEnter: () => void;
  readonly onLeave: () => void;
  readonly onEscape: () => void;
  readonly children: ReactNode;
}

function Bubble({ anchor, side, onEnter, onLeave, onEscape, children }: BubbleProps) {
  const bubble = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = bubble.current;
    if (element === null) return;
    const view = { width: document.documentElement.clientWidth, height: document.documentElement.clientHeight };
    const { left, top } = placeBeside({
      anchor: anchor.getBoundingClientRect(),
      size: element.getBoundingClientRect(),
      view,
      side,
    });
    element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onEscape();
    };
    addEventListener('keydown', press, true);
    addEventListener('scroll', onEscape, true);
    return () => {
      removeEventListener('keydown', press, true);
      removeEventListener('scroll', onEscape, true);
    };
  }, [onEscape]);
  return createPortal(
    <div ref={bubble} role="tooltip" className={styles['popup']} onPointerEnter={onEnter} onPointerLeave={onLeave}>
      {children}
    </div>,
    document.body,
  );
}
