import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { resumableEvents } from '#contract/resumable.ts';
import { measureEventLatency, type LatencySubject } from './event-latency.ts';
import { atLeast, atMost, type Benchmark, type BenchmarkSettings, type Figure } from './harness/benchmark.ts';
import { appVersion, openWire } from './harness/engine-under-test.ts';
import { inRepository } from './harness/places.ts';

const eventsPerSecond = 1_000;
const fullSeconds = 20;
const quickSeconds = 4;
const barMs = 150;
/** A latency counts only when the worker really wrote about as many events as it was asked for. */
const leastShareOfRate = 0.95;

/** How long an event takes from the worker's write to a client on the WebSocket. */
export const eventsBenchmark: Benchmark = {
  name: 'events',
  question: `From a worker that writes ${eventsPerSecond} events a second, through its file, the job host, the index and the WebSocket, to a subscriber in another process.`,
  minutes: 1,
  promises: [{ name: 'event to subscriber, 99th percentile', bar: `at most ${barMs} ms` }],
  run: measure,
};

async function measure({ quick, say }: BenchmarkSettings): Promise<Figure[]> {
  const engine = fork(inRepository('tests', 'fixtures', 'jobs-engine.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    const { url, token } = z.object({ url: z.string(), token: z.string() }).parse(await nextMessage(engine));
    const seconds = quick ? quickSeconds : fullSeconds;
    const report = await measureEventLatency(subjectOf(engine, url, token), { eventsPerSecond, seconds });
    say(`${report.events} events, median ${report.medianMs.toFixed(1)} ms, 99 % within ${report.p99Ms.toFixed(1)} ms`);
    return [
      {
        name: 'event to subscriber, 99th percentile',
        value: report.p99Ms,
        unit: 'ms',
        bar: atMost(barMs),
        detail: `Median ${report.medianMs.toFixed(1)} ms, slowest ${report.largestMs.toFixed(1)} ms of ${report.events} events`,
      },
      {
        name: 'events a second that arrived',
        value: report.eventsPerSecond,
        unit: '/s',
        bar: atLeast(leastShareOfRate * eventsPerSecond),
        detail: 'A check on the figure above: fewer would mean that the worker did not keep its pace',
      },
    ];
  } finally {
    engine.disconnect();
    const ended = await Promise.race([whenEnded(engine), sleep(10_000).then(() => false)]);
    if (!ended) engine.kill('SIGKILL');
  }
}

function subjectOf(engine: ChildProcess, url: string, token: string): LatencySubject {
  return {
    async submit(payload) {
      const answer = nextMessage(engine);
      engine.send({ payload });
      return { id: z.object({ job: z.string() }).parse(await answer).job };
    },
    subscribe: (job, signal) =>
      resumableEvents({
        job,
        after: 0,
        appVersion,
        signal,
        connect: () => openWire(url, token),
        wait: (milliseconds) => sleep(milliseconds),
        onDisconnect: (error) => {
          throw new Error('the subscriber lost its connection', { cause: error });
        },
      }),
  };
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the process with the job service ended with ${code}`)));
  });
}

function whenEnded(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) return Promise.resolve(true);
  return new Promise((resolve) => child.once('exit', () => resolve(true)));
}
