import type { JobView } from '#contract/jobs.ts';
import { lastPoint, lowestPoint } from './chart-scale.ts';
import { element } from './element.ts';
import { createLossChart, type LossChart, type LossSeries } from './loss-chart.ts';
import { lossText, phaseText, spokenDuration, wordForKind, wordForState } from './words.ts';

/** The selected run. The chart lives as long as its run is selected. */
export function createRunView(root: HTMLElement): (job: JobView, series: LossSeries | null) => void {
  let shown: { id: string; chart: LossChart | null; head: HTMLElement } | null = null;
  return (job, series) => {
    if (shown?.id !== job.id) {
      shown?.chart?.dispose();
      const chart = job.kind === 'train' ? createLossChart() : null;
      const head = element('div');
      root.replaceChildren(element('div', { class: 'inner' }, [head, ...(chart === null ? [] : [chart.root])]));
      shown = { id: job.id, chart, head };
    }
    shown.head.replaceChildren(...headOf(job, series));
    shown.chart?.update(series);
  };
}

function headOf(job: JobView, series: LossSeries | null): HTMLElement[] {
  const { word, tone } = wordForState(job.state);
  return [
    element('div', { class: 'title' }, [
      element('h2', {}, [job.name]),
      element('span', { class: 'state', 'data-tone': tone }, [
        `${wordForKind(job.kind)} on ${job.device.toUpperCase()}, ${word}`,
      ]),
    ]),
    figures(job, series),
    ...progress(job),
    ...notice(job),
  ];
}

function figures(job: JobView, series: LossSeries | null): HTMLElement {
  const items: [string, string, string][] = [];
  const train = series === null ? null : lastPoint(series.train);
  const best = series === null ? null : lowestPoint(series.heldOut);
  if (job.step !== null) items.push(['Step', String(job.step), '']);
  if (train !== null) items.push(['Loss now', lossText(train.value), '']);
  if (best !== null) items.push(['Best on held-out rows', lossText(best.value), `step ${best.step}`]);
  if (isBusy(job) && job.phase !== null && job.phase.etaSeconds !== null) {
    items.push(['Time left', spokenDuration(job.phase.etaSeconds), '']);
  }
  if (job.attempt > 1) items.push(['Attempt', String(job.attempt), '']);
  return element(
    'dl',
    { class: 'figures' },
    items.map(([name, value, note]) =>
      element('div', {}, [
        element('dt', {}, [name]),
        element('dd', {}, [value, ...(note === '' ? [] : [element('small', {}, [note])])]),
      ]),
    ),
  );
}

function progress(job: JobView): HTMLElement[] {
  if (!isBusy(job) || job.phase === null || job.phase.fraction === null) return [];
  const percent = Math.round(job.phase.fraction * 100);
  const bar = element('i');
  bar.style.width = `${percent}%`;
  const label = `${phaseText(job.phase.name)}, ${percent} %`;
  return [
    element(
      'div',
      { class: 'progress', role: 'progressbar', 'aria-label': label, 'aria-valuenow': percent, title: label },
      [bar],
    ),
  ];
}

function notice(job: JobView): HTMLElement[] {
  if (job.failure !== null) {
    const { message, hint, code } = job.failure;
    return [
      element('div', { class: 'notice' }, [element('p', {}, [message]), element('p', {}, [`${hint} (${code})`])]),
    ];
  }
  if (job.state !== 'interrupted') return [];
  return [
    element('div', { class: 'notice', 'data-tone': 'warn' }, [
      element('p', {}, ['This run lost its process before it was done. Its checkpoints are kept.']),
      element('p', {}, ['Go on where it stopped: ', element('code', {}, [`forge runs resume ${job.id}`])]),
    ]),
  ];
}

function isBusy(job: JobView): boolean {
  return wordForState(job.state).tone === 'busy';
}
