/** One streamed answer, timed where a client feels it. */
export interface TimedAnswer {
  readonly text: string;
  /** As the server counted them. */
  readonly tokens: number;
  /** From the request to the first piece of text. */
  readonly firstTextMs: number;
  /** From the request to the end of the answer. */
  readonly totalMs: number;
}

export interface Question {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly maximumTokens: number;
}

interface Piece {
  readonly text: string;
  /** Set on the piece that tells the number of tokens. */
  readonly tokens: number | null;
}

const answerTimeoutMs = 120_000;

/** Asks an OpenAI-compatible server (`url` ends in /v1), greedily. */
export function askOpenAi(url: string, { model, messages, maximumTokens }: Question): Promise<TimedAnswer> {
  const body = {
    model,
    messages,
    max_tokens: maximumTokens,
    temperature: 0,
    stream: true,
    stream_options: { include_usage: true },
  };
  return timed(`${url}/chat/completions`, body, (line) => {
    if (!line.startsWith('data: {')) return null;
    const chunk = JSON.parse(line.slice('data: '.length)) as {
      choices?: { delta?: { content?: string | null } }[];
      usage?: { completion_tokens: number } | null;
      error?: { message: string };
    };
    if (chunk.error) throw new Error(chunk.error.message);
    return { text: chunk.choices?.[0]?.delta?.content ?? '', tokens: chunk.usage?.completion_tokens ?? null };
  });
}

/** Asks Ollama over its own interface, which alone takes a number of threads, greedily. */
export function askOllama(
  host: string,
  threads: number,
  { model, messages, maximumTokens }: Question,
): Promise<TimedAnswer> {
  const options = { temperature: 0, num_thread: threads, num_predict: maximumTokens };
  return timed(`http://${host}/api/chat`, { model, messages, stream: true, options }, (line) => {
    const chunk = JSON.parse(line) as { message?: { content: string }; eval_count?: number; error?: string };
    if (chunk.error !== undefined) throw new Error(chunk.error);
    return { text: chunk.message?.content ?? '', tokens: chunk.eval_count ?? null };
  });
}

async function timed(url: string, body: unknown, read: (line: string) => Piece | null): Promise<TimedAnswer> {
  const began = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerTimeoutMs),
  });
  if (!response.ok || response.body === null)
    throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  let [text, tokens, firstTextMs] = ['', 0, Number.NaN];
  for await (const line of linesOf(response.body)) {
    const piece = read(line);
    if (piece === null) continue;
    if (piece.text !== '' && Number.isNaN(firstTextMs)) firstTextMs = performance.now() - began;
    text += piece.text;
    tokens = piece.tokens ?? tokens;
  }
  return { text, tokens, firstTextMs, totalMs: performance.now() - began };
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line.trim();
  }
  if (rest.trim() !== '') yield rest.trim();
}
