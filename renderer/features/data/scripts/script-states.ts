import { forgeErrorDataOf } from '#contract/client.ts';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import type { SandboxReport, ScriptDiffLine, ScriptExample, ScriptReport, ScriptReview } from '#contract/scripts.ts';
import { jobOf, moment, rowOf } from '../fixtures.ts';
import { newDraft, type ScriptsState } from './scripts-store.ts';
import type { ScriptTabProps } from './views/script-tab.tsx';

/** States of the tab for scripts: the gallery and the tests show them. */

const digest = '3f8c1d20a4b59e67f0c2d4e6a8b0c1d3e5f70213243546576879808192a3b4c5';

export const sandboxesHere: readonly SandboxReport[] = [
  { name: 'bubblewrap', label: 'Bubblewrap (Linux)', isFit: true, detail: 'bubblewrap 0.9.0, Python 3.13.5' },
  { name: 'deno', label: 'Pyodide in Deno', isFit: false, detail: 'Deno is not installed' },
  { name: 'page', label: 'Pyodide in this window', isFit: true, detail: 'Pyodide 0.29, in a page of its own' },
  { name: 'container', label: 'Podman or Docker', isFit: false, detail: 'podman has no image of Python' },
];

const lines: readonly ScriptDiffLine[] = newDraft.source.split('\n').map((text, index) => ({
  kind: index === 16 ? 'added' : 'same',
  before: index === 16 ? null : index + 1,
  after: index + 1,
  text,
}));

export const reviewOf = (change: Partial<ScriptReview> = {}): ScriptReview => ({
  script: 'clean',
  digest,
  previous: digest,
  lines: lines.toSpliced(16, 0, {
    kind: 'removed',
    before: 17,
    after: null,
    text: '    answer["content"] = answer["content"].strip()',
  }),
  ...change,
});

function answered(content: string): CanonicalRow {
  const row = rowOf();
  return { ...row, messages: [...row.messages.slice(0, -1), { role: 'assistant', content }] };
}

const before = rowOf();
const examples: readonly ScriptExample[] = [
  { place: 3, before, after: [answered('I am sorry. The parcel left on Monday; I have asked the carrier.')] },
  { place: 4, before, after: [{ ...answered('I am sorry. The parcel left our house.  '), lang: 'de', flags: [] }] },
  { place: 17, before, after: [] },
  { place: 40, before, after: [answered('I am sorry.'), answered('The parcel left our house on Monday.')] },
  { place: 41, before, after: [before] },
];

export const reportOf = (change: Partial<ScriptReport> = {}): ScriptReport => ({
  name: 'support-tickets',
  version: null,
  digest: null,
  script: 'clean',
  scriptDigest: digest,
  sandbox: sandboxesHere[0] as SandboxReport,
  tried: {
    ...{ seen: 200, unchanged: 181, changed: 15, dropped: 4, added: 1, restored: 3, outputSha256: digest },
    examples: [...examples],
  },
  all: null,
  printed: '200 rows to look at first, of kind sft\n',
  seconds: 1.2,
  ...change,
});

export const failedAtRow = forgeErrorDataOf(
  new ForgeError('script.failed', {
    script: 'clean',
    row: 118,
    reason: "KeyError: 'content'",
    traceback:
      'Traceback (most recent call last):\n  File "script.py", line 17, in transform\n    answer["content"] = answer["content"].strip()\nKeyError: \'content\'',
  }),
  null,
);

const nothing = (): void => undefined;

type ShownState = ScriptTabProps['state'];

export const scriptState = (change: Partial<ShownState> = {}): ShownState => ({
  draft: newDraft,
  kept: {
    value: [{ script: 'clean', digest, ranAt: moment, sizeBytes: 812 }],
    isLoading: false,
    failure: null,
  },
  sandboxes: { value: sandboxesHere.slice(0, 1), isLoading: false, failure: null },
  allSandboxes: { value: sandboxesHere, isLoading: false, failure: null },
  review: { value: reviewOf(), isLoading: false, failure: null },
  running: null,
  tried: null,
  made: null,
  failed: null,
  shown: null,
  ...change,
});

const handlers: ScriptTabProps['handlers'] = {
  ...{ change: nothing, show: nothing, startOver: nothing, openKept: nothing, bring: nothing, stop: nothing },
  ...{ lookForSandboxes: nothing, lookForAllSandboxes: nothing, tryIt: nothing, runAll: nothing, addAsStep: nothing },
};

export const scriptTab = (
  change: Partial<ShownState> = {},
  problem: string | null = null,
): Omit<ScriptTabProps, 'version'> => ({ state: scriptState(change), problem, handlers });

const triedNow: ScriptsState['tried'] = { draft: newDraft, value: reportOf() };
const old = { ...newDraft, source: 'def transform(row):\n    return row\n' };
const madeNow = reportOf({
  ...{ version: 2, digest },
  all: {
    seen: 48_210,
    unchanged: 44_000,
    changed: 3_210,
    dropped: 1_000,
    added: 12,
    restored: 0,
    rows: 47_190,
    merged: 32,
  },
});
const unfit = sandboxesHere.map((one) => ({ ...one, isFit: false, detail: 'not on this machine' }));
const isNew = { value: reviewOf({ previous: null }), isLoading: false, failure: null };
const noneKept = { value: [], isLoading: false, failure: null };
const waiting = { value: null, isLoading: true, failure: null };

/** Each with what a person would call it. */
export const scriptStates: readonly (readonly [id: string, title: string, props: Omit<ScriptTabProps, 'version'>])[] = [
  [
    'script-loading',
    'a script, sandboxes are looked for',
    scriptTab({ sandboxes: waiting, review: waiting, kept: waiting }),
  ],
  ['script-first', 'the first script', scriptTab({ kept: noneKept, review: isNew })],
  ['script-changed', 'a script that was changed', scriptTab()],
  ['script-refused', 'no sandbox holds', scriptTab({ sandboxes: { value: unfit, isLoading: false, failure: null } })],
  ['script-trying', 'a script is tried', scriptTab({ running: { mode: 'try', job: jobOf({ kind: 'script' }) } })],
  ['script-tried', 'a script was tried', scriptTab({ tried: triedNow })],
  ['script-several', 'a row became several', scriptTab({ tried: triedNow, shown: 'several' })],
  ['script-old', 'changed since it was tried', scriptTab({ tried: { draft: old, value: reportOf() } })],
  ['script-failed', 'a script failed at a row', scriptTab({ failed: { draft: newDraft, value: failedAtRow } })],
  [
    'script-running',
    'a script goes over all rows',
    scriptTab({
      tried: triedNow,
      running: { mode: 'all', job: jobOf({ kind: 'script', done: 21_000, total: 48_210 }) },
    }),
  ],
  ['script-made', 'a script made a version', scriptTab({ tried: triedNow, made: madeNow })],
  [
    'script-problem',
    'a file that is no script',
    scriptTab({}, 'notes.txt is no Python file. Choose one that ends in .py.'),
  ],
];
