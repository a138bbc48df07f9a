import type { ServedRequest } from '#contract/serving-state.ts';
import type { OpenAiRequestRecord } from '../http/openai-routes.ts';

const keptRequests = 200;
const minutes = 30;
const minuteMs = 60_000;

/** The last requests and how many there were, in bounded memory. */
export interface RequestLog {
  add(record: OpenAiRequestRecord): void;
  /** Newest first; at most 200 are known. */
  latest(limit: number): ServedRequest[];
  /** Since `restart`: all of them, and by minute over the last 30, oldest first. */
  counts(): { total: number; perMinute: number[] };
  /** The server was started: counting begins again, the requests stay. */
  restart(): void;
}

/** `nowMs` is Unix time, `monotonicMs` never goes back: the minutes are counted by it. */
export function createRequestLog(clock: { nowMs(): number; monotonicMs(): number }): RequestLog {
  let kept: ServedRequest[] = [];
  let total = 0;
  let perMinute = zeros(minutes);
  let minute = Math.floor(clock.monotonicMs() / minuteMs);
  const turn = (): void => {
    const now = Math.floor(clock.monotonicMs() / minuteMs);
    const passed = Math.min(minutes, now - minute);
    if (passed > 0) perMinute = [...perMinute.slice(passed), ...zeros(passed)];
    minute = now;
  };
  return {
    add({ id, model, status, stream, promptTokens, completionTokens, totalMs, failure }) {
      turn();
      total += 1;
      perMinute[minutes - 1] = (perMinute[minutes - 1] ?? 0) + 1;
      const counts = { promptTokens, completionTokens, totalMs };
      kept.push({ id, t: clock.nowMs(), model, status, stream, ...counts, failure });
      // Cut now and then instead of at each request.
      if (kept.length >= 2 * keptRequests) kept = kept.slice(-keptRequests);
    },
    latest: (limit) => kept.slice(-Math.min(limit, keptRequests)).toReversed(),
    counts() {
      turn();
      return { total, perMinute: [...perMinute] };
    },
    restart() {
      total = 0;
      perMinute = zeros(minutes);
    },
  };
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
