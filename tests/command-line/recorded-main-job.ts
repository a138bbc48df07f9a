import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ForgeError } from '#contract/errors.ts';
import { mainJobSteps, type MainJobView } from '#contract/main-job.ts';
import { recordedResult, recordedSteps, recordedTraining, recordedView } from '../../cli/testing/recorded-states.ts';

export interface RecordedPlay {
  readonly home: string;
  /** Milliseconds of each step; the training takes ten times as long. */
  readonly stepMs: number;
  /** A step that fails as a full disk does; null: all succeed. */
  readonly failAt: string | null;
  /** How long a cancel takes, as a large checkpoint does. */
  readonly cancelMs: number;
}

const trainingSteps = 172;
const trainStep = mainJobSteps.indexOf('train');

/** The events of the recorded training up to a step, in the shape a worker writes them. */
export function recordedEvents(lastStep: number): { v: 1; run: string; seq: number; t: number; type: string }[] {
  const { training, heldOut, sample } = recordedTraining(trainingSteps);
  const bodies = [
    { type: 'phase', name: 'training', fraction: 0, etaSeconds: 140 },
    {
      type: 'measured',
      secondsPerStep: 0.8,
      peakMemoryBytes: 1,
      checkpointBytes: 1,
      forecastSeconds: 140,
      plannedSteps: trainingSteps,
    },
    ...training.slice(0, lastStep).flatMap(({ step, value }) => {
      const metric = (values: Record<string, number | null>) => ({
        type: 'metric',
        step,
        epoch: 0,
        tokens: step * 100,
        values,
        nonFinite: [],
      });
      const held = heldOut.find((point) => point.step === step);
      return [
        metric({ loss: value, tokensPerSecond: 195.4 }),
        ...(held === undefined
          ? []
          : [metric({ validationLoss: held.value }), { type: 'sample', promptIndex: 0, ...sample, step }]),
      ];
    }),
  ];
  return bodies.map((body, index) => ({ v: 1 as const, run: 'train-1/1', seq: index + 1, t: 0, ...body }));
}

/** Plays the recorded chain step by step. A second start after a cancel goes on where it was. */
export function playMainJob({ stepMs, failAt, cancelMs, home }: RecordedPlay) {
  let present = 0;
  let trained = 0;
  let state: MainJobView['state'] = 'waiting';
  const changed = new EventTarget();
  const tell = (): boolean => changed.dispatchEvent(new Event('change'));
  const failure = new ForgeError('engine.disk-full', { path: `${home}/runs`, neededBytes: 1000 });
  const view = (): MainJobView => ({
    ...recordedView(present),
    state,
    steps: recordedSteps(present).map((step, index) =>
      index === trainStep && present === trainStep
        ? {
            ...step,
            text: `step ${trained} of ${trainingSteps}`,
            fraction: trained / trainingSteps,
            etaSeconds: (trainingSteps - trained) * 0.8,
          }
        : state === 'cancelled' && step.state === 'running'
          ? { ...step, state: 'interrupted' }
          : step,
    ),
    failure:
      state !== 'failed'
        ? null
        : {
            code: failure.code,
            message: failure.message,
            remedy: failure.remedy,
            retryable: true,
            exitCode: failure.exitCode,
            detail: {},
            correlationId: null,
          },
    notes: state === 'succeeded' ? ['2 rows were put aside: row 118 and row 240 have no answer.'] : [],
    result: state === 'succeeded' ? { ...recordedResult, home } : null,
  });
  const run = async (): Promise<void> => {
    while (present < mainJobSteps.length && state === 'running') {
      if (mainJobSteps[present] === failAt) {
        state = 'failed';
        break;
      }
      await sleep(present === trainStep ? (stepMs * 10) / trainingSteps : stepMs);
      if (state !== 'running') break;
      if (present === trainStep && trained < trainingSteps) trained += 1;
      else present += 1;
      tell();
    }
    if (state === 'running') state = 'succeeded';
    tell();
  };
  return {
    view,
    trainedSteps: () => trained,
    trainingOver: () => present > trainStep || state === 'cancelled',
    start(): MainJobView {
      if (state !== 'running' && state !== 'succeeded') {
        state = 'running';
        void run();
      }
      return view();
    },
    async cancel(): Promise<MainJobView> {
      await sleep(cancelMs);
      if (state === 'running') state = 'cancelled';
      tell();
      return view();
    },
    async *watch(signal: AbortSignal): AsyncGenerator<MainJobView> {
      yield view();
      while (!signal.aborted && state === 'running') {
        await once(changed, 'change', { signal }).catch(() => undefined);
        yield view();
      }
    },
  };
}
