import { environmentStages, type EnvironmentProgress, type EnvironmentStage } from '#contract/environments.ts';
import type { Invocation } from './invocation.ts';
import { startLiveView } from './terminal/live-view.ts';
import { progressBar } from './terminal/progress.ts';
import { oneLine, padEnd, truncate } from './terminal/text.ts';
import type { ViewStyle } from './terminal/view-style.ts';

const nameWidth = 14;

/** The set-up of Python as lines: every stage with its mark, a bar over the whole. Pure. */
export function environmentScreen(
  events: ReadonlyMap<EnvironmentStage, EnvironmentProgress>,
  style: ViewStyle,
): string[] {
  const { palette, glyphs, width } = style;
  const marks = {
    running: palette.accent(glyphs.now),
    done: palette.good(glyphs.done),
    skipped: palette.good(glyphs.done),
    failed: palette.bad(glyphs.failed),
  };
  const lines = environmentStages.map((stage) => {
    const event = events.get(stage);
    const mark = event === undefined ? palette.faint(glyphs.later) : marks[event.state];
    const text =
      event === undefined ? '' : truncate(oneLine(event.text), Math.max(10, width - nameWidth - 5), glyphs.ellipsis);
    return ` ${mark} ${padEnd(stage, nameWidth)} ${event?.state === 'running' ? text : palette.faint(text)}`.trimEnd();
  });
  const fraction = [...events.values()].reduce((highest, event) => Math.max(highest, event.fraction ?? 0), 0);
  const bar = `   ${progressBar(fraction, Math.min(40, width - 12), style)}${palette.faint(` ${String(Math.floor(fraction * 100)).padStart(3)} %`)}`;
  return [...lines, '', bar];
}

const betweenLinesMs = 5_000;

/** Shows the events of a set-up: live on a terminal, else a line when a stage changes and at most one every 5 s within it. */
export function environmentProgress(invocation: Invocation): {
  show(event: EnvironmentProgress): void;
  finish(): void;
} {
  const { terminal } = invocation;
  const events = new Map<EnvironmentStage, EnvironmentProgress>();
  if (terminal.live && !invocation.json) {
    const view = startLiveView(terminal.screen, (columns) =>
      environmentScreen(events, { width: columns - 1, palette: terminal.outPalette, glyphs: terminal.glyphs }),
    );
    return {
      show(event) {
        events.set(event.stage, event);
        view.refresh();
      },
      finish: () => view.finish(),
    };
  }
  let lastLineAtMs = -Infinity;
  return {
    show(event) {
      const changed = events.get(event.stage)?.state !== event.state;
      events.set(event.stage, event);
      if (!changed && Date.now() - lastLineAtMs < betweenLinesMs) return;
      lastLineAtMs = Date.now();
      const share = event.fraction === null ? '' : ` (${Math.floor(event.fraction * 100)} %)`;
      terminal.err(
        `${event.stage}: ${oneLine(event.text)}${event.state === 'running' ? share : ` (${event.state})`}\n`,
      );
    },
    finish: () => undefined,
  };
}
