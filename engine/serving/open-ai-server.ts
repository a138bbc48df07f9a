import type { OpenAiServer } from './serving-service.ts';
export async function openOpenAiServer(_options: unknown): Promise<OpenAiServer> {
  return { url: 'http://127.0.0.1:1/v1', host: '127.0.0.1', port: 1, close: async () => undefined };
}
