import type { MainJobView } from '#contract/main-job.ts';
import type { Invocation } from './invocation.ts';
import { printResult } from './output.ts';
import { resultView } from './terminal/result-view.ts';
import { outStyle } from './terminal/view-style.ts';

/** Prints what came out of a main job. `stays`: the server goes on after this command, so its address is worth telling. */
export function printMainJobEnd(invocation: Invocation, view: MainJobView, { stays }: { stays: boolean }): void {
  const { result } = view;
  if (result === null) throw new Error(`the main job ${view.id} succeeded without a result`);
  printResult(invocation, result, () => [
    '',
    ...resultView(result, { notes: view.notes, stays }, outStyle(invocation.terminal)),
  ]);
}
