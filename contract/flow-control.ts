/** Header in which a call names the stream its answer may become. */
export const streamHeader = 'x-forge-stream';

/** Messages of one stream that may be under way unread; a subscription's message holds up to 64 events. */
export const streamWindow = 32;

/** The reader reports after this many messages: often enough that a reader who keeps up is never waited for. */
export const acknowledgeEvery = 8;

/** One message on the wire, in either direction, may be at most this long (UTF-16 units; bytes for binary ones). */
export const maximumMessageLength = 8 * 1024 * 1024;

const framePattern = /^\{"forge":"read","stream":"([0-9a-z-]{1,40})","count":(\d{1,15})\}$/;
const framePrefix = '{"forge"';

/** The reader of a stream has taken `count` messages in all. Travels beside the calls, on the same wire. */
export function acknowledgementFrame(stream: string, count: number): string {
  return `{"forge":"read","stream":"${stream}","count":${count}}`;
}

/** The frame's content; `malformed` for something that only begins like one; null for every other message. */
export function parseAcknowledgement(message: unknown): { stream: string; count: number } | 'malformed' | null {
  if (typeof message !== 'string' || !message.startsWith(framePrefix)) return null;
  const found = framePattern.exec(message);
  if (found?.[1] === undefined) return 'malformed';
  return { stream: found[1], count: Number(found[2]) };
}
