import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MainJobView } from '#contract/main-job.ts';
import { serverStates, type ServingView } from '#contract/serving-state.ts';
import { trayMenu, trayPicture, trayTitle, type TrayEntry, type TrayState } from './tray-menu.ts';
import { desktopWords } from './words.ts';

const words = desktopWords('en');
const stopped: ServingView = {
  state: 'stopped',
  running: false,
  url: null,
  host: '127.0.0.1',
  port: 18_793,
  failure: null,
  models: [],
  families: [{ name: 'support', current: 3, pinned: false, previous: 2, versions: [3, 2, 1] }],
  servers: [],
  answering: 0,
  requests: { total: 0, perMinute: [] },
  keyRequired: false,
};
const quiet: TrayState = { serving: stopped, running: null, isPaused: false, openAtLogin: false, words };

function running(state: ServingView['state']): ServingView {
  const isUp = state === 'serving' || state === 'busy' || state === 'stopping';
  return { ...stopped, state, running: isUp, url: isUp ? 'http://127.0.0.1:18793/v1' : null };
}

const labels = (entries: readonly TrayEntry[]): string[] =>
  entries.map((entry) => (entry === 'line' ? '-' : entry.label));
const find = (entries: readonly TrayEntry[], label: string) =>
  entries.find((entry) => entry !== 'line' && entry.label === label);

test('each state of the server has its title, its picture and its switch', () => {
  const table = serverStates.map((state) => {
    const serving = running(state);
    const menu = trayMenu({ ...quiet, serving });
    const toggle = menu[1];
    return [
      state,
      trayTitle({ serving, words }),
      trayPicture(serving),
      toggle === undefined || toggle === 'line'
        ? null
        : [toggle.label, toggle.command?.kind, toggle.isDisabled ?? false],
    ];
  });
  assert.deepEqual(table, [
    ['stopped', 'Forge · server stopped', 'stopped', ['Start server', 'start-server', false]],
    ['starting', 'Forge · server starting', 'starting', ['Start server', 'start-server', true]],
    ['serving', 'Forge · serving support:v3', 'serving', ['Stop server', 'stop-server', false]],
    ['busy', 'Forge · answering with support:v3', 'busy', ['Stop server', 'stop-server', false]],
    ['stopping', 'Forge · server stopping', 'starting', ['Stop server', 'stop-server', true]],
    ['failed', 'Forge · server failed', 'failed', ['Start server', 'start-server', false]],
  ]);
});

test('a failed server says why above its switch', () => {
  const failure = {
    code: 'engine.port-taken',
    message: 'Port 18793 is taken.',
    remedy: '',
    retryable: true,
    exitCode: 3,
    detail: {},
    correlationId: null,
  };
  const menu = trayMenu({ ...quiet, serving: { ...running('failed'), failure } });
  assert.deepEqual(labels(menu).slice(0, 3), ['Forge · server failed', 'Port 18793 is taken.', 'Start server']);
});

test('versions are one click away, and the one before comes first', () => {
  const entry = find(trayMenu(quiet), 'Switch to');
  assert.ok(entry !== undefined && entry !== 'line');
  const [family] = entry.items ?? [];
  assert.equal(family?.label, 'support:v3');
  assert.deepEqual(
    family?.items?.map(({ label, isChecked, command }) => [label, isChecked ?? null, command]),
    [
      ['Back to v2', null, { kind: 'choose-version', name: 'support', version: 2 }],
      ['Always the newest', true, { kind: 'choose-version', name: 'support', version: null }],
      ['v3', false, { kind: 'choose-version', name: 'support', version: 3 }],
      ['v2', false, { kind: 'choose-version', name: 'support', version: 2 }],
      ['v1', false, { kind: 'choose-version', name: 'support', version: 1 }],
    ],
  );
});

test('a training shows its share and the time left, and can be paused and gone on with', () => {
  const step = {
    step: 'train',
    state: 'running',
    text: '',
    fraction: 0.354,
    etaSeconds: 130,
    seconds: null,
    job: 'j1',
  } as const;
  const job = { id: 'support-v4', name: 'support', version: 4, steps: [step] } as unknown as MainJobView;
  const items = (isPaused: boolean) => {
    const entry = find(trayMenu({ ...quiet, running: job, isPaused }), 'support:v4: 35 %, 2 min left');
    return entry === undefined || entry === 'line' ? null : entry.items?.map(({ command }) => command);
  };
  const open = { kind: 'open-place', place: '#/runs/support-v4' };
  assert.deepEqual(items(false), [{ kind: 'pause-training', job: 'j1' }, open]);
  assert.deepEqual(items(true), [{ kind: 'resume-training', job: 'j1' }, open]);
});

test('without an engine the menu still opens Forge and quits; without a login item there is no switch for it', () => {
  const menu = trayMenu({ ...quiet, serving: null, openAtLogin: null });
  assert.deepEqual(labels(menu), ['Forge · the engine does not answer', '-', 'Open Forge', '-', 'Quit']);
});

test('in German a failure, which the engine tells in English, leads to the window that says it in German', () => {
  const failure = { code: 'x', message: 'Port taken.', remedy: '', retryable: true, exitCode: 3, detail: {} };
  const serving = { ...running('failed'), failure: { ...failure, correlationId: null } };
  const [, why] = trayMenu({ ...quiet, serving, words: desktopWords('de') });
  assert.deepEqual(why, { label: 'Warum, sagt das Fenster', command: { kind: 'open-place', place: '#/server' } });
});

test('the same menu in German', () => {
  const menu = trayMenu({ ...quiet, words: desktopWords('de-AT') });
  assert.deepEqual(labels(menu).slice(0, 4), [
    'Forge · Server aus',
    'Server starten',
    'Adresse kopieren',
    'Schlüssel kopieren',
  ]);
});
