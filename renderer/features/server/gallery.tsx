import type { ServingView } from '#contract/serving-state.ts';
import type { GalleryEntry } from '../../ui/gallery-entry.ts';
import { dataOf, heldModel, logOf, manyLogLines, notLoopback, off, portTaken, servingOf } from './fixtures.ts';
import type { LogData } from './log-store.ts';
import type { ServerData } from './server-store.ts';
import type { ServerActs } from './views/server-props.ts';
import { LogView } from './views/log-view.tsx';
import { ServerView } from './views/server-view.tsx';

const nothing = async (): Promise<boolean> => true;
const acts: ServerActs = {
  start: nothing,
  stop: nothing,
  restart: nothing,
  listenAt: nothing,
  load: nothing,
  unload: nothing,
  choose: nothing,
  readKey: async () => 'a key only for pictures',
  setKey: nothing,
  requireKeyAndStart: nothing,
  setStartsWithEngine: nothing,
  clearFailure: () => undefined,
};

const entry = (id: string, serving: ServingView | null, data: Partial<ServerData> = {}): GalleryEntry => ({
  id: `server/${id}`,
  title: `Server, ${id.replaceAll('-', ' ')}`,
  render: () => <ServerView serving={serving} data={dataOf(data)} acts={acts} />,
});

const log = (id: string, data: Partial<LogData>): GalleryEntry => ({
  id: `server/log-${id}`,
  title: `Log, ${id.replaceAll('-', ' ')}`,
  render: () => <LogView log={logOf(data)} onMinimum={() => undefined} onEarlier={() => undefined} onReveal={null} />,
});

const base = { ...heldModel, name: null, path: '/forge/base-models/smollm2/gguf/base.gguf' };

export const serverGallery: readonly GalleryEntry[] = [
  entry('loading', null, { requests: null }),
  entry('stopped', servingOf({ ...off, state: 'stopped' }), { requests: [] }),
  entry('starting', servingOf({ ...off, state: 'starting' }), { requests: [], busy: new Set(['switch']) }),
  entry('serving', servingOf()),
  entry('serving-open', servingOf({ host: '0.0.0.0', keyRequired: true })),
  entry('nothing-loaded', servingOf({ servers: [] }), { requests: [] }),
  entry('no-models', servingOf({ servers: [], families: [], models: [] }), { requests: [] }),
  entry(
    'busy',
    servingOf({
      state: 'busy',
      answering: 3,
      servers: [
        { ...heldModel, running: 2, waiting: 1 },
        { ...base, state: 'loading', model: null },
      ],
    }),
  ),
  entry('stopping', servingOf({ state: 'stopping', url: null, running: false, answering: 1 })),
  entry('port-taken', servingOf({ ...off, state: 'failed', failure: portTaken }), {
    requests: [],
  }),
  entry('not-loopback', servingOf({ ...off, state: 'failed', host: '0.0.0.0', failure: notLoopback }), {
    requests: [],
  }),
  entry('load-failed', servingOf({ servers: [] }), {
    failure: {
      ...portTaken,
      code: 'serving.not-enough-memory',
      message: 'Serving support:v3 needs about 900 MB of memory, 410 MB are free.',
      remedy: 'Close other programs, choose a smaller file or a shorter context, then try again.',
    },
  }),
  log('loading', { lines: null }),
  log('empty', { lines: [] }),
  log('full', {}),
  log('many', { lines: manyLogLines, hasEarlier: true }),
  log('nothing-at-level', { lines: [], minimum: 'error', hasEarlier: true }),
  log('failing', { lines: null, failure: portTaken }),
];
