import { setTimeout as wait } from 'node:timers/promises';
import type { Outbound, OutboundRequest, OutboundResponse } from '#core/ports/outbound.ts';

const tooMany = 429;
const mostWaits = 3;
/** A longer wait is told to the person instead. */
export const longestWaitSeconds = 60;

/** Seconds that an answer asks to wait (RFC 9110, 10.2.3); null where it says nothing that can be read. */
export function retryAfterSeconds(response: Pick<OutboundResponse, 'header'>, nowMs = Date.now()): number | null {
  const given = response.header('retry-after')?.trim() ?? '';
  if (/^\d{1,6}$/.test(given)) return Number(given);
  const at = Date.parse(given);
  return given === '' || Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - nowMs) / 1000));
}

/** Waits where a server says for how long, when that is short, and asks again; any other answer is handed on as it is. */
export function patientOutbound(outbound: Outbound, pauseMs = (seconds: number): number => seconds * 1000): Outbound {
  const request = async (asked: OutboundRequest): Promise<OutboundResponse> => {
    for (let waits = 0; ; waits += 1) {
      const response = await outbound.request(asked);
      const seconds = response.status === tooMany ? retryAfterSeconds(response) : null;
      if (seconds === null || seconds > longestWaitSeconds || waits === mostWaits) return response;
      await response.discard();
      await wait(pauseMs(seconds), undefined, asked.signal === undefined ? {} : { signal: asked.signal });
    }
  };
  return { ...outbound, request };
}
