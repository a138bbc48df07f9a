import type { ServedFamily, ServedRequest, ServingView } from '#contract/serving-state.ts';
import { pairs, table } from './table.ts';
import { oneLine } from './text.ts';
import { counted, dateAndMinute, duration } from './units.ts';
import type { ViewStyle } from './view-style.ts';

/** The state in the words of the window and the tray: `serving at http://127.0.0.1:18793/v1`. */
export function serverStateText(
  view: Pick<ServingView, 'state' | 'url' | 'host' | 'port' | 'failure' | 'answering'>,
): string {
  const place = `${view.host}:${view.port}`;
  switch (view.state) {
    case 'stopped':
      return 'stopped';
    case 'starting':
      return `starting at ${place}`;
    case 'serving':
      return `serving at ${view.url ?? place}`;
    case 'busy':
      return `busy at ${view.url ?? place}: ${counted(view.answering, 'answer')} being made`;
    case 'stopping':
      return 'stopping';
    case 'failed':
      return `failed: ${oneLine(view.failure?.message ?? 'the reason is not known')}`;
  }
}

/** `support gives v2 (chosen); back to v3`. */
export function familyText({ name, current, pinned, previous, versions }: ServedFamily): string {
  const newest = current === Math.max(...versions);
  const why = pinned ? 'chosen' : 'the newest';
  const back = previous === null ? '' : `; back to v${previous}`;
  return `${name} gives v${current} (${pinned && newest ? 'chosen, also the newest' : why})${back}`;
}

function memoryText({ servers }: ServingView): string {
  const loaded = servers.filter(({ model }) => model !== null).map(({ name, path }) => name ?? oneLine(path));
  return loaded.length === 0 ? 'no model; the first request loads one' : loaded.join(', ');
}

/** `forge server status`. */
export function serverLines(view: ServingView, style: ViewStyle): string[] {
  const { requests } = view;
  const lastMinutes = requests.perMinute.reduce((sum, count) => sum + count, 0);
  const remedy =
    view.state === 'failed' && view.failure !== null ? [['to do', oneLine(view.failure.remedy)] as const] : [];
  return pairs(
    [
      ['server', serverStateText(view)],
      ...remedy,
      ...view.families.map((family) => ['model', familyText(family)] as const),
      ['in memory', memoryText(view)],
      [
        'requests',
        `${requests.total} since the start, ${lastMinutes} in the last ${requests.perMinute.length} minutes`,
      ],
      ['key', view.keyRequired ? 'required' : 'not asked for'],
    ],
    style,
  );
}

/** `forge server requests`. */
export function requestTable(requests: readonly ServedRequest[], style: ViewStyle): string[] {
  if (requests.length === 0) return ['No requests yet.'];
  const columns = [
    { title: 'when' },
    { title: 'model', flexible: true },
    { title: 'status', align: 'right' as const },
    { title: 'tokens in', align: 'right' as const },
    { title: 'tokens out', align: 'right' as const },
    { title: 'took', align: 'right' as const },
    { title: 'what' },
  ];
  const rows = requests.map((request) => [
    dateAndMinute(request.t),
    oneLine(request.model),
    request.status >= 400 ? style.palette.bad(String(request.status)) : String(request.status),
    String(request.promptTokens),
    String(request.completionTokens),
    duration(request.totalMs / 1000),
    oneLine(request.failure ?? (request.stream ? 'streamed' : '')),
  ]);
  return table(columns, rows, style);
}
