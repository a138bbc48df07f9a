import type { ServingView } from '#contract/serving-state.ts';

export interface ServedFacts {
  /** This very version is what clients get. */
  readonly isServed: boolean;
  /** The version clients get under this name now, when it is another one. */
  readonly otherVersion: number | null;
  /** Base address for clients; null while the server is stopped. */
  readonly url: string | null;
}

/** What clients get under a name now, seen from one version of it. */
export function servedFacts(serving: ServingView | null, name: string, version: number): ServedFacts {
  const url = serving?.url ?? null;
  const current = serving?.families.find((family) => family.name === name)?.current ?? null;
  const isServed = url !== null && current === version;
  return { isServed, otherVersion: url !== null && current !== null && !isServed ? current : null, url };
}

/** A first request for a terminal, with the real address and name. JSON inside single quotes: the shell reads none of it. */
export function curlSnippet(url: string, model: string, question: string): string {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: question }] });
  return `curl ${url}/chat/completions \\\n  -H 'Content-Type: application/json' \\\n  -d '${body.replaceAll("'", String.raw`'\''`)}'`;
}
