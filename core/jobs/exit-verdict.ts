import type { JobFailure } from '#contract/jobs.ts';
import type { AttemptExit } from '../ports/job-host.ts';
import type { JobMachineState } from './job-machine.ts';

/** The process is gone without a verdict: a signal (out-of-memory killer, power, kill -9) or nobody saw its end. */
export function isLost(exit: AttemptExit): boolean {
  return exit.exitCode === null || exit.source === 'vanished';
}

/** The exit was forced from outside: whatever its code, it says nothing about the work. */
export function wasForced(state: JobMachineState): boolean {
  return state.rung === 'terminated' || state.rung === 'killed';
}

/** What a person is told about a process that ended without saying why. */
export function failureOfExit(exit: AttemptExit, consoleTail: string): JobFailure {
  const tail = consoleTail.trim();
  const said = tail === '' ? 'It printed nothing.' : `Its last words: ${tail}`;
  if (exit.exitCode === 0) {
    return {
      code: 'job.exit-without-done',
      message: `The worker ended without saying that it was done. ${said}`,
      hint: 'Run the job again; if it happens again, report it with the console log.',
    };
  }
  return {
    code: 'job.crashed',
    message: `The worker ended with code ${exit.exitCode ?? 'unknown'}. ${said}`,
    hint: 'Read the console log of the run; if the reason is not yours, report it.',
  };
}
