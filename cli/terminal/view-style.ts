import type { Palette } from './colour.ts';
import type { Glyphs } from './glyphs.ts';
import type { Terminal } from './terminal.ts';

/** What every renderer needs to know of the terminal. Renderers are pure: lines out of values. */
export interface ViewStyle {
  /** Columns to use. */
  readonly width: number;
  readonly palette: Palette;
  readonly glyphs: Glyphs;
}

/** The style of standard output as it is now. */
export function outStyle(terminal: Terminal): ViewStyle {
  return { width: terminal.columns(), palette: terminal.outPalette, glyphs: terminal.glyphs };
}
