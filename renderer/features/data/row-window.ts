/** Browsers draw nothing taller than some 16 to 33 million pixels; a million rows come near it. */
export const tallestPx = 12_000_000;

export interface RowWindowOptions {
  readonly rows: number;
  readonly rowHeightPx: number;
  readonly viewportPx: number;
  readonly scrollTopPx: number;
}

export interface RowWindow {
  /** First row to draw, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** Of the whole list. */
  readonly heightPx: number;
  /** Where the first drawn row stands in it. */
  readonly topPx: number;
}

const overscan = 8;

/** How many pixels of rows one pixel of scrolling stands for: 1 until the list would be too tall to be drawn. */
function stretch({ rows, rowHeightPx, viewportPx }: Omit<RowWindowOptions, 'scrollTopPx'>): number {
  const full = rows * rowHeightPx;
  if (full <= tallestPx) return 1;
  return (full - viewportPx) / (tallestPx - viewportPx);
}

/** Which rows are seen at a scroll position. */
export function rowWindow(options: RowWindowOptions): RowWindow {
  const { rows, rowHeightPx, viewportPx, scrollTopPx } = options;
  const factor = stretch(options);
  const virtualTop = scrollTopPx * factor;
  const seen = Math.ceil(viewportPx / rowHeightPx);
  const atTop = Math.max(0, Math.min(rows - 1, Math.floor(virtualTop / rowHeightPx)));
  const first = Math.max(0, atTop - overscan);
  const end = Math.min(rows, atTop + seen + 1 + overscan);
  // Drawn rows keep their own distance from the viewport, whatever the bar is stretched by.
  const topPx = scrollTopPx - (virtualTop - first * rowHeightPx);
  return { first, end, heightPx: Math.min(rows * rowHeightPx, tallestPx), topPx };
}

/** The scroll position at which a row is in sight, nearest to the present one. `headPx` of the viewport are covered by the header. */
export function scrollToShow(row: number, options: RowWindowOptions, headPx: number): number {
  const { rowHeightPx, viewportPx, scrollTopPx } = options;
  const factor = stretch(options);
  const top = row * rowHeightPx;
  const virtualTop = scrollTopPx * factor;
  const room = viewportPx - headPx;
  if (top < virtualTop) return top / factor;
  if (top + rowHeightPx > virtualTop + room) return (top + rowHeightPx - room) / factor;
  return scrollTopPx;
}
