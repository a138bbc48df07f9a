import { useEffect, useRef, type RefObject } from 'react';
import { createPlot, type Plot, type PlotEvents, type PlotSettings } from './plot.ts';

/** The canvas in `hostRef` for as long as the component stands; the latest events are the ones that are called. */
export function usePlot(
  hostRef: RefObject<HTMLElement | null>,
  settings: PlotSettings,
  events: PlotEvents,
): RefObject<Plot | null> {
  const plotRef = useRef<Plot | null>(null);
  const latest = useRef({ settings, events });
  useEffect(() => {
    latest.current = { settings, events };
    plotRef.current?.set(settings);
  });
  useEffect(() => {
    const host = hostRef.current;
    if (host === null) return;
    const plot = createPlot(host, latest.current.settings, {
      onPointer: (step) => latest.current.events.onPointer(step),
      onRange: (range) => latest.current.events.onRange(range),
      onLayout: (layout) => latest.current.events.onLayout(layout),
    });
    plotRef.current = plot;
    return () => {
      plot.dispose();
      plotRef.current = null;
    };
  }, [hostRef]);
  return plotRef;
}
