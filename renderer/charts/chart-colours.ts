import type { SeriesColour } from './chart-series.ts';

/** A canvas knows no custom properties: the tokens of the present theme as it wants them. */
export interface ChartColours {
  readonly line: string;
  readonly text: string;
  readonly text2: string;
  readonly background: string;
  readonly bad: string;
  readonly bodyFont: string;
  readonly fontPixels: number;
  of(colour: SeriesColour): string;
}

export function readChartColours(host: Element): ChartColours {
  const style = getComputedStyle(host);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const rootPixels = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return {
    line: token('--line'),
    text: token('--text'),
    text2: token('--text-2'),
    background: token('--bg-0'),
    bad: token('--bad'),
    bodyFont: token('--font-body'),
    fontPixels: (Number.isFinite(rootPixels) ? rootPixels : 16) * 0.6875,
    of: (colour) => {
      if (colour === 'tuned') return token('--accent');
      return token(colour === 'base' ? '--base-line' : `--series-${colour}`);
    },
  };
}

/** Calls back after the theme has changed; returns how to stop. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
