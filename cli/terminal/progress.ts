import type { Palette } from './colour.ts';
import type { Glyphs } from './glyphs.ts';

/** A bar of `width` columns, `fraction` of it full (0..1, clamped). */
export function progressBar(fraction: number, width: number, style: { palette: Palette; glyphs: Glyphs }): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return (
    style.palette.accent(style.glyphs.barFull.repeat(full)) +
    style.palette.faint(style.glyphs.barEmpty.repeat(width - full))
  );
}
