import type { Invocation } from './invocation.ts';
import { startLiveView } from './terminal/live-view.ts';
import { progressBar } from './terminal/progress.ts';
import { oneLine, truncate } from './terminal/text.ts';
import type { ViewStyle } from './terminal/view-style.ts';

export interface DownloadMoment {
  readonly text: string;
  /** 0..1, null while the size is not known. */
  readonly fraction: number | null;
}

/** A transfer on two lines: what is fetched, and the bar once its size is known. Pure. */
export function downloadLines({ text, fraction }: DownloadMoment, style: ViewStyle): string[] {
  const line = ` ${style.palette.accent(style.glyphs.now)} ${truncate(oneLine(text), style.width - 3, style.glyphs.ellipsis)}`;
  if (fraction === null) return [line];
  const percent = `${String(Math.floor(fraction * 100)).padStart(3)} %`;
  return [line, `   ${progressBar(fraction, Math.min(40, style.width - 10), style)} ${style.palette.faint(percent)}`];
}

const betweenLinesMs = 5_000;

/** Shows a transfer: live on a terminal, else at most one line every 5 s on standard error. */
export function downloadProgress(invocation: Invocation): { show(moment: DownloadMoment): void; finish(): void } {
  const { terminal } = invocation;
  if (terminal.live && !invocation.json) {
    let latest: DownloadMoment | null = null;
    const view = startLiveView(terminal.screen, (columns) =>
      latest === null
        ? []
        : downloadLines(latest, { width: columns - 1, palette: terminal.outPalette, glyphs: terminal.glyphs }),
    );
    return {
      show(moment) {
        latest = moment;
        view.refresh();
      },
      finish: () => view.finish([]),
    };
  }
  let lastLineAtMs = -Infinity;
  return {
    show({ text, fraction }) {
      if (Date.now() - lastLineAtMs < betweenLinesMs) return;
      lastLineAtMs = Date.now();
      terminal.err(`${oneLine(text)}${fraction === null ? '' : ` (${Math.floor(fraction * 100)} %)`}\n`);
    },
    finish: () => undefined,
  };
}
