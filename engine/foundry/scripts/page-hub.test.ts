import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sandboxPartCharacters, type SandboxPageTask } from '#contract/scripts.ts';
import { createLinkedPageHost } from '#native-bridge/sandbox/page/page-link.ts';
import { createPageHub, type PageHub } from './page-hub.ts';

/** A window that takes note of its tasks. */
function openWindow(hub: PageHub) {
  const [closing, tasks] = [new AbortController(), [] as SandboxPageTask[]];
  const wakers = new Set<() => void>();
  const reading = (async () => {
    for await (const task of hub.hold(closing.signal)) {
      tasks.push(task);
      for (const wake of wakers) wake();
    }
  })();
  return {
    tasks,
    async until(count: number): Promise<SandboxPageTask> {
      while (tasks.length < count) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wakers.add(resolve);
        await promise;
        wakers.delete(resolve);
      }
      return tasks[count - 1] ?? assert.fail();
    },
    async close(): Promise<void> {
      closing.abort();
      await reading;
    },
  };
}

const hub = createPageHub();
after(() => hub.close());

test('without a window nobody can show a page', async () => {
  const host = createLinkedPageHost();
  assert.equal(await host.isThere(), false);
  await assert.rejects(
    host.show('http://127.0.0.1:1/', () => undefined),
    /window that held it was closed/,
  );
});

test('a page is shown by the newest window, and texts of any length go both ways whole', async () => {
  const [older, newer] = [openWindow(hub), openWindow(hub)];
  const said = Promise.withResolvers<string>();
  const host = createLinkedPageHost();
  assert.equal(await host.isThere(), true);
  const page = await host.show('http://127.0.0.1:4000/?memory=1', said.resolve);
  const shown = await newer.until(1);
  assert.ok(shown.kind === 'show');
  assert.equal(shown.address, 'http://127.0.0.1:4000/?memory=1');
  const long = 'x'.repeat(sandboxPartCharacters + 5);
  page.send(long);
  await newer.until(3);
  const parts = newer.tasks.slice(1).map((task) => (task.kind === 'send' ? [task.text.length, task.isLast] : []));
  assert.deepEqual(parts, [
    [sandboxPartCharacters, false],
    [5, true],
  ]);
  hub.said({ page: shown.page, text: 'a', isLast: false });
  hub.said({ page: 'another page', text: 'forged', isLast: true });
  hub.said({ page: shown.page, text: 'b', isLast: true });
  assert.equal(await said.promise, 'ab');
  page.close();
  assert.equal((await newer.until(4)).kind, 'close');
  assert.deepEqual(older.tasks, []);
  await Promise.all([older.close(), newer.close()]);
});

test('a page learns that its window was closed', async () => {
  const window = openWindow(hub);
  const said = Promise.withResolvers<string>();
  const host = createLinkedPageHost();
  const page = await host.show('http://127.0.0.1:4000/', said.resolve);
  await window.until(1);
  await window.close();
  assert.match(await said.promise, /"gone".*window that held it was closed/);
  page.close();
  assert.equal(await host.isThere(), false);
});
