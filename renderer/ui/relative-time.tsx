import { useEffect, useState } from 'react';
import { formatAge, formatMoment } from '../words/format.ts';
import { useUiWords } from './ui-words.ts';

export interface RelativeTimeProps {
  /** Unix time in milliseconds, or a date as the contract writes it. */
  readonly time: number | string;
  readonly className?: string | undefined;
}

/** "5 minutes ago", kept true; the exact moment on hover. */
export function RelativeTime({ time, className }: RelativeTimeProps) {
  useUiWords(); // follows the language
  const at = typeof time === 'number' ? time : Date.parse(time);
  const now = useNow(at);
  if (!Number.isFinite(at)) return <span className={className}>–</span>;
  return (
    <time dateTime={new Date(at).toISOString()} title={formatMoment(at)} className={className}>
      {formatAge(at, now)}
    </time>
  );
}

const minuteMs = 60_000;

/** The present, renewed as often as the words could change: each 10 s in the first minute, then each minute. */
function useNow(at: number): number {
  const [now, setNow] = useState(() => Date.now());
  const isYoung = Math.abs(now - at) < minuteMs;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), isYoung ? 10_000 : minuteMs);
    return () => clearInterval(timer);
  }, [isYoung]);
  return now;
}
