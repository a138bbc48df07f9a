import type { Palette } from './colour.ts';
import { displayWidth, padEnd, padStart, truncate, withoutStyle } from './text.ts';

export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** This column gives way first when the terminal is narrow; at most one. */
  readonly flexible?: boolean;
}

const gap = 2;

function columnWidths(columns: readonly TableColumn[], rows: readonly (readonly string[])[], width: number): number[] {
  const natural = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...rows.map((row) => displayWidth(row[index] ?? ''))),
  );
  const excess = natural.reduce((sum, columnWidth) => sum + columnWidth + gap, -gap) - width;
  const flexible = columns.findIndex((column) => column.flexible === true);
  if (excess <= 0 || flexible < 0) return natural;
  return natural.map((columnWidth, index) => (index === flexible ? Math.max(8, columnWidth - excess) : columnWidth));
}

/**
 * A table as lines of at most `width` columns where the flexible column allows it: titles faint, cells aligned, no frames. A cell that has to be cut
 * loses its style.
 */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  style: { width: number; palette: Palette },
): string[] {
  const widths = columnWidths(columns, rows, style.width);
  const cell = (text: string, index: number): string => {
    const columnWidth = widths[index] ?? 0;
    const fitted = displayWidth(text) > columnWidth ? truncate(withoutStyle(text), columnWidth) : text;
    return columns[index]?.align === 'right' ? padStart(fitted, columnWidth) : padEnd(fitted, columnWidth);
  };
  const line = (cells: readonly string[]): string => cells.map(cell).join(' '.repeat(gap)).trimEnd();
  return [style.palette.faint(line(columns.map((column) => column.title))), ...rows.map(line)];
}

/** Name and value pairs, the names faint and aligned. */
export function pairs(entries: readonly (readonly [string, string])[], style: { palette: Palette }): string[] {
  const nameWidth = Math.max(0, ...entries.map(([name]) => displayWidth(name)));
  return entries.map(([name, value]) => `${style.palette.faint(padEnd(name, nameWidth))}  ${value}`.trimEnd());
}
