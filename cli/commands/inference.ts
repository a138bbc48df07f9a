import { createInterface } from 'node:readline/promises';
import type { ForgeClient } from '#contract/client.ts';
import type { ChatMessage } from '#contract/serving.ts';
import { exitCode, usageFailure } from '../failure.ts';
import { numberValue, textValue, type Invocation } from '../invocation.ts';
import { findModel, modelTag } from '../model-reference.ts';
import { listenForStop } from '../stop-signal.ts';
import { plainText } from '../terminal/text.ts';
import { withEngine } from '../with-engine.ts';
import { readPromptInput } from '../read-prompt-input.ts';

interface Conversation {
  readonly client: ForgeClient;
  readonly model: string;
  readonly temperature: number;
  readonly maximumTokens: number;
}

interface Answer {
  readonly text: string;
  readonly done: {
    finishReason: string;
    usage: { promptTokens: number; completionTokens: number };
    firstTokenMs: number;
    totalMs: number;
  } | null;
}

async function answer(
  conversation: Conversation,
  messages: ChatMessage[],
  world: { signal: AbortSignal; onText: (text: string) => void },
): Promise<Answer> {
  const { client, model, temperature, maximumTokens } = conversation;
  let text = '';
  let done: Answer['done'] = null;
  const events = await client.serving.chat({ model, messages, temperature, maximumTokens }, { signal: world.signal });
  for await (const event of events) {
    if (event.kind === 'delta') {
      text += event.text;
      world.onText(event.text);
    } else {
      done = event;
    }
  }
  return { text, done };
}

function speedNote({ done }: Answer): string {
  if (done === null) return '';
  const seconds = Math.max(0.001, (done.totalMs - done.firstTokenMs) / 1000);
  const speed =
    done.usage.completionTokens > 1 ? `, ${((done.usage.completionTokens - 1) / seconds).toFixed(0)} tokens/s` : '';
  return `${done.usage.completionTokens} tokens, first after ${(done.firstTokenMs / 1000).toFixed(2)} s${speed}${done.finishReason === 'length' ? ', cut off at the limit' : ''}`;
}

async function once(invocation: Invocation, conversation: Conversation, messages: ChatMessage[]): Promise<number> {
  const stop = listenForStop();
  const { terminal, json } = invocation;
  try {
    const onText = (text: string): void => (json ? undefined : terminal.out(plainText(text)));
    const given = await answer(conversation, messages, { signal: stop.first, onText });
    if (json) {
      terminal.out(
        `${JSON.stringify({ model: conversation.model, answer: given.text, ...given.done, kind: undefined })}\n`,
      );
    } else {
      terminal.out('\n');
      if (terminal.live) terminal.err(`${terminal.errPalette.faint(speedNote(given))}\n`);
    }
    return exitCode.done;
  } catch (error) {
    if (!stop.first.aborted) throw error;
    terminal.err('\n');
    return exitCode.interrupted;
  } finally {
    stop.dispose();
  }
}

/** Questions and answers until Ctrl-D or /exit; Ctrl-C stops the answer that comes, at an empty line the conversation. */
async function converse(invocation: Invocation, conversation: Conversation, opening: ChatMessage[]): Promise<number> {
  const { terminal } = invocation;
  const faint = terminal.errPalette.faint;
  terminal.err(`${faint(`Talking to ${conversation.model}. Ctrl-D ends, /new begins again.`)}\n`);
  const reader = createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt: terminal.outPalette.accent('> '),
  });
  let messages = [...opening];
  let current: AbortController | null = null;
  reader.on('SIGINT', () => (current === null ? reader.close() : current.abort()));
  reader.prompt();
  for await (const line of reader) {
    const question = line.trim();
    if (question === '/exit') break;
    if (question === '/new') messages = [...opening];
    if (question !== '' && question !== '/new') {
      const asked: ChatMessage[] = [...messages, { role: 'user', content: question }];
      current = new AbortController();
      try {
        const given = await answer(conversation, asked, {
          signal: current.signal,
          onText: (text) => terminal.out(plainText(text)),
        });
        messages = [...asked, { role: 'assistant', content: given.text }];
        terminal.out(`\n${faint(speedNote(given))}\n\n`);
      } catch (error) {
        if (!current.signal.aborted) throw error;
        terminal.out(`\n${faint('stopped')}\n\n`);
      }
      current = null;
    }
    reader.prompt();
  }
  terminal.out('\n');
  return exitCode.done;
}

/** `forge inference`: one answer to the words given (or to standard input), or a conversation on a terminal. */
export async function runInference(invocation: Invocation): Promise<number> {
  const [word = '', words = ''] = invocation.words;
  const fromInput = words === '' && !process.stdin.isTTY ? await readPromptInput(process.stdin) : '';
  const prompt = words === '' ? fromInput : words;
  const interactive = prompt === '' && process.stdin.isTTY && invocation.terminal.live && !invocation.json;
  if (prompt === '' && !interactive)
    throw usageFailure('There is no prompt.', 'Write it after the model, or send it on standard input.');
  return withEngine(invocation, async ({ client }) => {
    const conversation = {
      client,
      model: modelTag(await findModel(client, word)),
      temperature: numberValue(invocation, 'temperature') ?? 0,
      maximumTokens: numberValue(invocation, 'max-tokens') ?? 512,
    };
    const system = textValue(invocation, 'system');
    const opening: ChatMessage[] = system === undefined ? [] : [{ role: 'system', content: system }];
    if (interactive) return converse(invocation, conversation, opening);
    return once(invocation, conversation, [...opening, { role: 'user', content: prompt }]);
  });
}
