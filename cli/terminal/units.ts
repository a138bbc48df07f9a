/** A duration for a table: `0.4 s`, `41 s`, `2 min 05 s`, `1 h 12 min`. Seconds >= 0. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** Time left as it is spoken: `about 3 min left`, under a minute `42 s left`. */
export function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 1) return 'nearly done';
  if (seconds < 60) return `${Math.ceil(seconds)} s left`;
  if (seconds < 3570) return `about ${Math.round(seconds / 60)} min left`;
  const minutes = Math.round(seconds / 60);
  return `about ${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min left`;
}

/** Bytes in decimal units as shops sell them: `145 MB`, `1.2 GB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  if (count < 999_500) return `${Math.round(count / 1000)} kB`;
  if (count < 999_500_000) return `${Math.round(count / 1_000_000)} MB`;
  return `${(count / 1_000_000_000).toFixed(1)} GB`;
}

/** A loss with three figures after the point is more than it is worth; two are read. */
export function loss(value: number): string {
  return value.toFixed(value >= 100 ? 0 : 2);
}

/** With its sign, a real minus included: `+1.20`, `−0.34`. */
export function signed(value: number, digits: number, minus = '−'): string {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : (value < 0 ? minus : '+') + text;
}

/** `1 row`, `2 rows`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Local date and minute: `2026-11-20 09:14`. */
export function dateAndMinute(milliseconds: number): string {
  const date = new Date(milliseconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
