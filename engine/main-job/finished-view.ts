import type { BuildFile } from '#contract/build-file.ts';
import type { MainJobView } from '#contract/main-job.ts';
import { viewBuild } from '#core/main-job/build.ts';
import type { BuildStore } from './build-store.ts';
import { resultOf } from './result.ts';
import type { MainJobServices } from './services.ts';

/** Views of builds that neither wait nor run, as they stand on disk; a build is looked through once. */
export function createFinishedViews(store: BuildStore, { layout, logger }: MainJobServices) {
  const known = new WeakMap<BuildFile, MainJobView>();
  const make = (build: BuildFile): MainJobView => {
    // A build that says "running" without a runner was cut off by a crash: it is offered as interrupted.
    const state = build.state === 'running' || build.state === 'waiting' ? 'interrupted' : build.state;
    const view = viewBuild({ ...build, state }, null);
    if (state !== 'succeeded') return view;
    try {
      return { ...view, result: resultOf(build, store.directory(build), layout.home) };
    } catch (error) {
      // A file that a person has edited must not hide the other main jobs.
      logger.warn({ build: build.id, error: String(error) }, 'the result of a main job could not be read');
      return view;
    }
  };
  return (build: BuildFile): MainJobView => {
    const view = known.get(build) ?? make(build);
    known.set(build, view);
    return view;
  };
}
