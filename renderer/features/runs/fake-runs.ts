import type { ForgeClient } from '#contract/client.ts';
import type { UnknownWorkerEvent } from '#contract/events.ts';

/** The part of an engine that a run page reads: one job's log in memory, with the tail in the hands of the test. */
export class FakeRuns {
  readonly log: UnknownWorkerEvent[] = [];
  readonly pages: { after: number; types: readonly string[] | null }[] = [];
  readonly subscribedAfter: number[] = [];
  /** What each subscription does in turn: `behind` ends it as too slow, `lost` breaks the wire, `over` ends the run. */
  ends: ('behind' | 'lost' | 'over')[] = [];
  /** Written to the log once the thinned curves were read: what happens between history and tail. */
  betweenSeriesAndTail: UnknownWorkerEvent[] = [];
  console = '';

  get client(): ForgeClient {
    const runs = {
      eventsPage: async (input: { after: number; limit: number; types?: readonly string[] | null }) =>
        this.#page(input),
      series: async ({ names }: { names: readonly string[] }) => this.#series(names),
      subscribe: async ({ after }: { after: number }) => this.#subscribe(after),
      console: async ({ offset, limitBytes }: { offset: number; limitBytes: number }) =>
        this.#console(offset, limitBytes),
      followConsole: async ({ offset }: { offset: number }) => this.#followConsole(offset),
    };
    const jobs = { get: async () => ({ attempt: this.console === '' ? 0 : 1 }) };
    return { runs, jobs } as unknown as ForgeClient;
  }

  #page({ after, limit, types = null }: { after: number; limit: number; types?: readonly string[] | null }) {
    this.pages.push({ after, types });
    const found: { event: UnknownWorkerEvent; position: number }[] = [];
    for (let position = after + 1; position <= this.log.length && found.length < limit; position += 1) {
      const event = this.log[position - 1];
      if (event !== undefined && (types === null || types.includes(event.type))) found.push({ event, position });
    }
    const isFull = found.length === limit;
    const last = isFull ? (found.at(-1)?.position ?? after) : Math.max(after, this.log.length);
    return { events: found.map(({ event }) => event), last, behind: false };
  }

  #series(names: readonly string[]) {
    const series = names.map((name) => {
      const points = new Map<number, number | null>();
      for (const event of this.log) {
        const { step, values } = event as { step?: number; values?: Record<string, number | null> };
        if (event.type === 'metric' && step !== undefined && values?.[name] !== undefined)
          points.set(step, values[name]);
      }
      return { name, steps: [...points.keys()], values: [...points.values()], total: points.size };
    });
    this.log.push(...this.betweenSeriesAndTail.splice(0));
    return series;
  }

  async *#subscribe(after: number) {
    this.subscribedAfter.push(after);
    const end = this.ends.shift() ?? 'over';
    const events = this.log.slice(after, end === 'behind' ? after : undefined);
    if (events.length > 0) yield { events, last: after + events.length, behind: false };
    if (end === 'lost') throw new Error('The connection is gone.');
    if (end === 'behind') yield { events: [], last: after, behind: true };
  }

  #console(offset: number, limitBytes: number) {
    const text = this.console.slice(offset, offset + limitBytes);
    const next = offset + text.length;
    return { text, next, end: text.length === limitBytes ? next + 1 : next };
  }

  async *#followConsole(offset: number) {
    const text = this.console.slice(offset);
    if (text !== '') yield { kind: 'text' as const, offset, next: offset + text.length, text };
  }
}
