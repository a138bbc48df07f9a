import { displayWidth } from './text.ts';

/** The part of a terminal the live view needs. */
export interface LiveScreen {
  write(text: string): void;
  /** Columns and rows as they are now. */
  size(): { columns: number; rows: number };
  /** Calls back when the size changes; returns how to stop. */
  onResize(callback: () => void): () => void;
}

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
/** Terminals that know synchronised output show a frame at once; the others ignore the marks. */
const beginFrame = '\u001b[?2026h';
const endFrame = '\u001b[?2026l';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

/** A block of lines at the bottom of the terminal that is redrawn in place. */
export interface LiveView {
  /** Asks for a redraw; at most one per `intervalMs`, the last one always happens. */
  refresh(): void;
  /** Draws one last time with the given lines (default: the present ones), leaves them standing and gives the cursor back. */
  finish(lines?: readonly string[]): void;
}

/** Rows the drawn lines take after the terminal was made narrower: terminals break long lines again. */
function rowsTaken(lines: readonly string[], columns: number): number {
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / Math.max(1, columns))), 0);
}

/**
 * Starts a live view. `render(columns, rows)` returns the lines of the moment, each at most `columns - 1` wide and at most `rows - 1` of them.
 * Nothing is written before the first `refresh`. `intervalMs`: the shortest time between two frames.
 */
export function startLiveView(
  screen: LiveScreen,
  render: (columns: number, rows: number) => readonly string[],
  intervalMs = 100,
): LiveView {
  let drawn: readonly string[] = [];
  let timer: NodeJS.Timeout | null = null;
  let lastDrawnAt = 0;
  let finished = false;

  const draw = (lines: readonly string[], ending: string): void => {
    const up = rowsTaken(drawn, screen.size().columns);
    const body = lines.map((line) => `${line}${clearLine}\r\n`).join('');
    screen.write(
      `${beginFrame}${hideCursor}${up > 0 ? `\u001b[${up}A` : ''}\r${body}${clearBelow}${ending}${endFrame}`,
    );
    drawn = lines;
    lastDrawnAt = Date.now();
  };
  const frame = (): readonly string[] => {
    const { columns, rows } = screen.size();
    return render(columns, rows).slice(0, Math.max(1, rows - 1));
  };
  const drawNow = (): void => {
    timer = null;
    if (!finished) draw(frame(), '');
  };
  const refresh = (): void => {
    if (finished || timer !== null) return;
    timer = setTimeout(drawNow, Math.max(0, lastDrawnAt + intervalMs - Date.now()));
  };
  const stopResize = screen.onResize(refresh);
  return {
    refresh,
    finish(lines) {
      if (finished) return;
      finished = true;
      if (timer !== null) clearTimeout(timer);
      stopResize();
      draw(lines ?? frame(), showCursor);
    },
  };
}
