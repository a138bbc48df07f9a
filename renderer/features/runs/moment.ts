import { currentLanguage } from '../../words/language.ts';

/** Time of day with seconds of a Unix time in milliseconds; a dash for one that is none. */
export function formatClock(time: number): string {
  if (!Number.isFinite(time)) return '–';
  return new Intl.DateTimeFormat(currentLanguage(), { timeStyle: 'medium' }).format(time);
}
