const rememberedRequests = 200;

/**
 * Does work once for a request id: repeating it gets the answer of the first time, also while that is being made. What failed may be
 * tried again. The last 200 are remembered.
 */
export function createRequestMemory<T>(): (requestId: string, work: () => Promise<T>) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (requestId, work) => {
    const known = answers.get(requestId);
    if (known) return known;
    const answer = work();
    answers.set(requestId, answer);
    answer.catch(() => answers.delete(requestId));
    const [oldest] = answers.keys();
    if (answers.size > rememberedRequests && oldest !== undefined) answers.delete(oldest);
    return answer;
  };
}
