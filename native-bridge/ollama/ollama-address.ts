const defaultPort = '11434';

/**
 * The address of Ollama from `OLLAMA_HOST`, read as Ollama does: with or without scheme and port; an address that only a listener can use
 * (0.0.0.0, ::) means this machine. Null when it can not be read as an address.
 */
export function ollamaAddress(setting: string | undefined): string | null {
  const text = setting?.trim().replace(/^["']|["']$/g, '') ?? '';
  if (text === '') return `http://127.0.0.1:${defaultPort}`;
  const hasScheme = /^https?:\/\//.test(text);
  const withHost = text.startsWith(':') ? `127.0.0.1${text}` : text;
  const url = URL.parse(hasScheme ? withHost : `http://${withHost}`);
  if (!url || url.pathname !== '/') return null;
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  // URL drops a port that is the scheme's own, which without a scheme was meant as written.
  const written = /:(\d+)\/?$/.exec(withHost)?.[1];
  const port = written ?? (hasScheme ? (url.protocol === 'https:' ? '443' : '80') : defaultPort);
  return `${url.protocol}//${url.hostname}:${port}`;
}
