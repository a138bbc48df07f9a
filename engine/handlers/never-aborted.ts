/** For calls that came without a signal (in-process callers may leave it out). */
export function neverAborted(): AbortSignal {
  return new AbortController().signal;
}
