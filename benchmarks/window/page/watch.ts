// Runs in the page before the page's own scripts: tells when something was first on the screen, how far frames lay apart, and how long a
// key took to be drawn. `globalThis.forgeWatch`.
import {
  document,
  MessageChannel,
  MutationObserver,
  PerformanceObserver,
  requestAnimationFrame,
} from './page-globals.ts';

export interface PageWatch {
  /** Keeps the time of the frame that first showed what `selector` finds, with `text` in it. */
  mark(name: string, selector: string, text?: string): void;
  /** Milliseconds since the navigation began, by the name of the mark. */
  readonly marks: Readonly<Record<string, number>>;
  /** Begins to take down gaps between frames, anew at each call. */
  startFrames(): void;
  /** Milliseconds between frames since `startFrames`, and tasks of more than 50 ms meanwhile. */
  readFrames(): { readonly gapsMs: readonly number[]; readonly longTasks: number };
  /** From the press of each key to the frame that came after it, ms. */
  readonly keyDelaysMs: number[];
}

const marks: Record<string, number> = {};
const keyDelaysMs: number[] = [];
const frames = { gapsMs: [] as number[], longTasks: 0, last: Number.NaN, isRunning: false };

/** Calls back once the frame that holds the present state was handed to the screen: the task after a frame's callbacks. */
function afterFrame(then: (nowMs: number) => void): void {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then(performance.now());
    };
    port2.postMessage(null);
  });
}

function mark(name: string, selector: string, text = ''): void {
  const isThere = (): boolean => document.querySelector(selector)?.textContent?.includes(text) ?? false;
  const observer = new MutationObserver(() => {
    if (!isThere()) return;
    observer.disconnect();
    afterFrame((nowMs) => (marks[name] = nowMs));
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true });
}

function onFrame(timeMs: number): void {
  if (!Number.isNaN(frames.last)) frames.gapsMs.push(timeMs - frames.last);
  frames.last = timeMs;
  requestAnimationFrame(onFrame);
}

const watch: PageWatch = {
  marks,
  keyDelaysMs,
  mark,
  startFrames() {
    Object.assign(frames, { gapsMs: [], longTasks: 0, last: Number.NaN });
    if (frames.isRunning) return;
    frames.isRunning = true;
    new PerformanceObserver((list) => (frames.longTasks += list.getEntries().length)).observe({
      entryTypes: ['longtask'],
    });
    requestAnimationFrame(onFrame);
  },
  readFrames: () => ({ gapsMs: frames.gapsMs, longTasks: frames.longTasks }),
};

document.addEventListener(
  'keydown',
  ({ timeStamp }) => afterFrame((nowMs) => void keyDelaysMs.push(nowMs - timeStamp)),
  true,
);
Object.assign(globalThis, { forgeWatch: watch });
