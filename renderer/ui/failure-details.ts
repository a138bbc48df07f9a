import type { ForgeErrorData } from '#contract/error-data.ts';

/** A failure as text for a bug report: code, words, details, trace. The engine has already taken secrets out of all of them. */
export function failureDetails(failure: ForgeErrorData): string {
  const details = Object.entries(failure.detail).map(([name, value]) => `${name}: ${String(value)}`);
  return [
    `${failure.code}: ${failure.message}`,
    failure.remedy,
    ...details,
    ...(failure.correlationId === null ? [] : [`trace: ${failure.correlationId}`]),
  ].join('\n');
}
