import { atMost, type Benchmark } from './harness/benchmark.ts';
import { inRepository } from './harness/places.ts';
import { runToSuccess } from './harness/run-process.ts';
import { buildWindow } from './window/built-window.ts';

const buildBarSeconds = 15;
const checkBarSeconds = 10;
const timeoutMs = 5 * 60_000;

/** How long a contributor waits. */
export const windowBuildBenchmark: Benchmark = {
  name: 'window-build',
  question:
    'Seconds for a whole build (the window, then what the desktop shell runs) and for checking every type anew.',
  minutes: 1,
  promises: [
    { name: 'full build', bar: `at most ${buildBarSeconds} s` },
    { name: 'type check, from nothing', bar: `at most ${checkBarSeconds} s` },
  ],
  async run({ quick, say }) {
    // Once before, so that the disk has read what both need.
    if (!quick) await buildWindow({ force: true });
    const window = await buildWindow({ force: true });
    say(`the window took ${window.toFixed(1)} s`);
    const desktop = await runToSuccess(process.execPath, [inRepository('scripts', 'build-desktop.ts')], { timeoutMs });
    say(`the desktop shell's programs took ${desktop.seconds.toFixed(1)} s`);
    const check = await runToSuccess(process.execPath, [typeChecker, '-b', '--force', '--checkers', '1'], {
      timeoutMs,
    });
    return [
      {
        name: 'full build',
        value: window + desktop.seconds,
        unit: 's',
        bar: atMost(buildBarSeconds),
        detail: `The window ${window.toFixed(1)} s, the desktop shell's programs ${desktop.seconds.toFixed(1)} s`,
      },
      {
        name: 'type check, from nothing',
        value: check.seconds,
        unit: 's',
        bar: atMost(checkBarSeconds),
        detail: 'All projects, nothing used again',
      },
    ];
  },
};

const typeChecker = inRepository('node_modules', 'typescript', 'bin', 'tsc');
