/** Draws at most this often; the eye reads a curve, not a film. */
export const drawEveryMs = 100;
/** Charts drawn in one frame: more would not fit into its 16 ms beside everything else. */
const drawnInFrame = 2;

/** @returns true when something was drawn */
export type Drawer = () => boolean;

const drawers = new Set<Drawer>();
let waiting: Drawer[] = [];
let timer: ReturnType<typeof setInterval> | null = null;
let isFramePending = false;

/**
 * One clock for all charts: each tick asks every drawer once, a few in each frame, so that many charts do not make one long frame. Nothing
 * is drawn in a hidden window. Returns how to stop.
 */
export function onDrawTick(draw: Drawer): () => void {
  drawers.add(draw);
  timer ??= setInterval(beginTick, drawEveryMs);
  return () => {
    drawers.delete(draw);
    if (drawers.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

function beginTick(): void {
  // A round that is not through yet goes on first: late charts wait, they are not passed over.
  if (document.hidden || waiting.length > 0) return;
  waiting = [...drawers];
  requestFrame();
}

function requestFrame(): void {
  if (isFramePending) return;
  isFramePending = true;
  requestAnimationFrame(drawSome);
}

function drawSome(): void {
  isFramePending = false;
  let drawn = 0;
  while (waiting.length > 0 && drawn < drawnInFrame) {
    const draw = waiting.shift();
    if (draw !== undefined && drawers.has(draw) && draw()) drawn += 1;
  }
  if (waiting.length > 0) requestFrame();
}
