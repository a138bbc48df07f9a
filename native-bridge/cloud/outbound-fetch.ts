import { ForgeError } from '#contract/errors.ts';
import type { Outbound, OutboundResponse } from '#core/ports/outbound.ts';

/** Longer than any patience for a first token, which is watched elsewhere and said in better words. */
const headersTimeoutMs = 10 * 60_000;
/** Whole answers, framing included: far more than the longest one takes, and less than would fill the memory. */
const largestAnswerBytes = 64_000_000;
/** Of a refusal only the sentence is read. */
const largestRefusalBytes = 1_000_000;
/** What the provider packages read of an answer. */
const passedHeaders = ['content-type', 'retry-after', 'retry-after-ms'] as const;

/**
 * `fetch` over the ledgered client, as far as the provider packages need it: text out, a stream in. Redirects are not followed: a key and a
 * prompt are meant for one address.
 */
export function outboundFetch(outbound: Outbound, purpose: string): typeof fetch {
  return async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    if (init.body !== undefined && init.body !== null && typeof init.body !== 'string')
      throw new Error('only text is sent to a provider');
    const method = init.method === 'POST' ? 'POST' : 'GET';
    const response = await outbound.request({
      url,
      purpose,
      method,
      headers: Object.fromEntries(new Headers(init.headers).entries()),
      headersTimeoutMs,
      followsRedirects: false,
      ...(typeof init.body === 'string' ? { body: init.body } : {}),
      ...(init.signal ? { signal: init.signal } : {}),
    });
    const isSuccess = response.status >= 200 && response.status < 300;
    return new Response(streamOf(response, isSuccess ? largestAnswerBytes : largestRefusalBytes), {
      status: response.status,
      headers: headersOf(response),
    });
  };
}

function headersOf(response: OutboundResponse): Headers {
  const headers = new Headers();
  for (const name of passedHeaders) {
    const value = response.header(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}

/** Pulled piece by piece; giving the stream up ends the transfer, and so does a body without end. */
function streamOf(response: OutboundResponse, maximumBytes: number): ReadableStream<Uint8Array> {
  const pieces = response.chunks()[Symbol.asyncIterator]();
  let bytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done === true) return controller.close();
      bytes += next.value.length;
      if (bytes <= maximumBytes) return controller.enqueue(next.value);
      await pieces.return?.();
      controller.error(new ForgeError('network.answer-too-large', { host: new URL(response.url).host, maximumBytes }));
    },
    async cancel() {
      await pieces.return?.();
    },
  });
}
