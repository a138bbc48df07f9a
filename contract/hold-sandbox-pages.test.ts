import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForgeClient } from './client.ts';
import { holdSandboxPages } from './hold-sandbox-pages.ts';
import type { SandboxPageTask, SandboxPageWord } from './scripts.ts';

/** An engine that gives these tasks and then ends as it is told to. */
function engineWith(tasks: readonly SandboxPageTask[], end: () => Promise<void>) {
  const words: SandboxPageWord[] = [];
  const scripts = {
    holdPages: () =>
      Promise.resolve(
        (async function* () {
          yield* tasks;
          await end();
        })(),
      ),
    pageSaid: (word: SandboxPageWord) => Promise.resolve(void words.push(word)),
  };
  return { words, client: { scripts } as unknown as ForgeClient };
}

function shower() {
  const seen: { readonly address: string; readonly sent: string[]; closed: number }[] = [];
  const says: ((text: string) => void)[] = [];
  const show = (address: string, take: (text: string) => void) => {
    const page = { address, sent: [] as string[], closed: 0 };
    seen.push(page);
    says.push(take);
    return { send: (text: string) => void page.sent.push(text), close: () => void (page.closed += 1) };
  };
  return { seen, says, show };
}

const show = { kind: 'show', page: 'one', address: 'http://127.0.0.1:4000/?memory=1' } as const;
const { signal } = new AbortController();

test('a text that comes in parts reaches the page whole, and only the page it is for', async () => {
  const { seen, show: shows } = shower();
  const tasks: SandboxPageTask[] = [
    show,
    { ...show, page: 'two' },
    { kind: 'send', page: 'one', text: 'first ', isLast: false },
    { kind: 'send', page: 'two', text: 'other', isLast: true },
    { kind: 'send', page: 'one', text: 'half', isLast: true },
    { kind: 'send', page: 'nobody', text: 'lost', isLast: true },
    { kind: 'close', page: 'two' },
  ];
  await holdSandboxPages(engineWith(tasks, () => Promise.resolve()).client, shows, signal);
  assert.deepEqual(
    seen.map(({ sent }) => sent),
    [['first half'], ['other']],
  );
});

test('when the engine is gone no page is left', async () => {
  const { seen, show: shows } = shower();
  const lost = engineWith([show, { ...show, page: 'two' }], () => Promise.reject(new Error('the wire is lost')));
  await assert.rejects(holdSandboxPages(lost.client, shows, signal), /the wire is lost/);
  assert.deepEqual(
    seen.map(({ closed }) => closed),
    [1, 1],
  );
});

test('what a page says goes to the engine in parts that it takes', async () => {
  const { says, show: shows } = shower();
  const ended = Promise.withResolvers<void>();
  const engine = engineWith([show], () => ended.promise);
  const holding = holdSandboxPages(engine.client, shows, signal);
  await new Promise((resolve) => setImmediate(resolve));
  says[0]?.('x'.repeat(1_000_001));
  await new Promise((resolve) => setImmediate(resolve));
  ended.resolve();
  await holding;
  assert.deepEqual(
    engine.words.map(({ page, text, isLast }) => [page, text.length, isLast]),
    [
      ['one', 1_000_000, false],
      ['one', 1, true],
    ],
  );
});
