import { knownWorkerEvent, unknownEvent } from '#contract/events.ts';
import type { JobEvent } from './job-event.ts';

const knownTypes: ReadonlySet<string> = new Set(knownWorkerEvent.options.map((option) => option.shape.type.value));

/**
 * One line of events.jsonl as an event. A type of a later version, or a known one with other fields, is kept raw
 * (`known` false). Throws when not even the envelope is right: the reader has checked that.
 */
export function parseWorkerEvent(body: unknown): Pick<JobEvent, 'known' | 'event'> {
  const type = (body as { readonly type?: unknown } | null)?.type;
  if (typeof type === 'string' && knownTypes.has(type)) {
    const known = knownWorkerEvent.safeParse(body);
    if (known.success) return { known: true, event: known.data };
  }
  return { known: false, event: unknownEvent.parse(body) };
}
