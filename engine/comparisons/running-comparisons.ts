import type { ComparisonView } from '#contract/comparisons.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import { oneByOne } from '../one-by-one.ts';
import type { ComparisonModels } from './comparison-models.ts';
import { startRun, type ComparisonRun, type EndReason, type RunScope, type RunWorld } from './comparison-run.ts';
import type { ComparisonSession } from './comparison-session.ts';

interface Place {
  readonly turn: number;
  readonly model: number;
}

export type Runs = ReturnType<typeof createRuns>;

/** The comparisons that are answering, at most one run each. */
export function createRuns(options: { models: Pick<ComparisonModels, 'open'>; clock: Clock; logger: Logger }) {
  const { models, clock, logger } = options;
  const runs = new Map<string, ComparisonRun>();
  const world: RunWorld = { open: (model) => models.open(model), onProcessor: oneByOne(), clock, logger };

  /** `begin` writes what is to be answered. Where that or the state cannot be written, nothing runs and nobody is asked. */
  const launch = async (
    session: ComparisonSession,
    scope: RunScope,
    begin: () => Promise<void> = () => Promise.resolve(),
  ): Promise<ComparisonView> => {
    const { id, state } = session.head();
    try {
      await session.setState('running');
      await begin();
    } catch (error) {
      await session
        .setState(state === 'running' ? 'interrupted' : state)
        .catch((again: unknown) => logger.error({ error: String(again) }, 'a comparison could not be saved'));
      throw error;
    }
    const run = startRun(session, world, scope);
    runs.set(id, run);
    void run.ended.then(() => {
      if (runs.get(id) === run) runs.delete(id);
      session.endWatch();
    });
    return session.view();
  };
  const end = async (id: string, reason: EndReason): Promise<void> => {
    const run = runs.get(id);
    run?.end(reason);
    await run?.ended;
  };
  return {
    launch,
    end,
    /** Also while it only writes down how it ended. */
    isBusy: (id: string): boolean => runs.has(id),
    endAll: async (): Promise<void> => {
      await Promise.all([...runs.keys()].map((id) => end(id, 'interrupted')));
    },
    /** True when nothing runs. A run at its very end is waited for, so that its last write does not overtake the next run's first. */
    async isIdle(session: ComparisonSession): Promise<boolean> {
      if (session.head().state === 'running') return false;
      await runs.get(session.head().id)?.ended;
      return true;
    },
    /** One answer beside what runs, or a run of its own. */
    async addOrLaunch(session: ComparisonSession, place: Place): Promise<void> {
      const run = runs.get(session.head().id);
      if (run?.add(place.turn, place.model) === true) return;
      await run?.ended;
      await launch(session, { kind: 'answer', ...place });
    },
  };
}
