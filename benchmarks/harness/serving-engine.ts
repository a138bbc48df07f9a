import { randomUUID } from 'node:crypto';
import { benchHome } from './bench-home.ts';
import { startEngine, type EngineUnderTest } from './engine-under-test.ts';
import { askOpenAi, type Question, type TimedAnswer } from './timed-answer.ts';
import { supportRows } from './training-material.ts';

export interface ServingEngine {
  readonly engine: EngineUnderTest;
  /** Tag of the served model. */
  readonly model: string;
  /** Base address of the OpenAI-compatible server. */
  readonly url: string;
  /** Threads of the model server once it has loaded the model. */
  readonly threads: number;
  ask(ticket: string): Promise<TimedAnswer>;
  question(ticket: string): Question;
  stop(): Promise<void>;
}

const maximumTokens = 96;

/** An engine that serves the model of the main job; the model is loaded and has answered once. */
export async function startServingEngine(
  say: (line: string) => void,
  environment: Readonly<Record<string, string>>,
): Promise<ServingEngine> {
  const { home, model } = await benchHome(say);
  const systemPrompt = (await supportRows()).train[0]?.messages[0]?.content ?? '';
  const engine = await startEngine(home, { ...environment, FORGE_SERVER_PORT: '0' });
  try {
    const { url } = await engine.client.serving.start({ port: 0, requestId: randomUUID() });
    if (url === null) throw new Error('the server has no address');
    const tag = `${model.name}:v${model.version}`;
    const question = (ticket: string): Question => ({
      model: tag,
      messages: [
        { role: 'system', content: systemPrompt },
        { role: 'user', content: ticket },
      ],
      maximumTokens,
    });
    const ask = (ticket: string): Promise<TimedAnswer> => askOpenAi(url, question(ticket));
    await ask('The router is broken.');
    const { servers } = await engine.client.serving.status();
    const threads = servers.find(({ model: loaded }) => loaded !== null)?.threads ?? 1;
    return { engine, model: tag, url, threads, ask, question, stop: () => engine.stop() };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/** Tickets no one else of the same run asks: the first `count` after `skipped` of the shipped ones. */
export async function tickets(count: number, skipped = 0): Promise<string[]> {
  const { train } = await supportRows();
  return train.slice(skipped, skipped + count).map(({ messages }) => messages[1]?.content ?? '');
}
