import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createManualClock } from './manual-clock.ts';
import { createToastStore } from './toast-store.ts';

function opened() {
  const clock = createManualClock();
  const store = createToastStore(clock);
  const done: string[] = [];
  return {
    clock,
    store,
    done,
    texts: () => store.getState().toasts.map((toast) => toast.text),
    remove: (name: string) =>
      store
        .getState()
        .offerUndo({ text: name, undo: () => done.push(`back ${name}`), commit: () => void done.push(`gone ${name}`) }),
  };
}

describe('The notices', () => {
  it('go by themselves, later when something can be done about them', () => {
    const { clock, store, texts } = opened();
    store.getState().show({ text: 'plain' });
    store.getState().show({ text: 'with action', action: { label: 'Open', onPress: () => undefined } });
    clock.advance(6_000);
    assert.deepEqual(texts(), ['with action']);
    clock.advance(4_000);
    assert.deepEqual(texts(), []);
  });

  it('do not pile up when the same is said twice', () => {
    const { store, texts } = opened();
    store.getState().show({ text: 'same' });
    store.getState().show({ text: 'same' });
    assert.deepEqual(texts(), ['same']);
  });

  it('commit what was deferred after ten seconds', async () => {
    const { clock, done, texts, remove } = opened();
    remove('run');
    clock.advance(10_000);
    await setImmediate();
    assert.deepEqual(done, ['gone run']);
    assert.deepEqual(texts(), []);
  });

  it('commit at once when closed, and only then', async () => {
    const { clock, store, done, remove } = opened();
    remove('run');
    const id = store.getState().toasts[0]?.id ?? -1;
    store.getState().close(id);
    store.getState().close(id);
    clock.advance(10_000);
    await setImmediate();
    assert.deepEqual(done, ['gone run']);
  });

  it('take back the newest first', async () => {
    const { clock, store, done, remove } = opened();
    remove('first');
    remove('second');
    store.getState().show({ text: 'between' });
    assert.equal(store.getState().undo(), true);
    assert.equal(store.getState().undo(), true);
    assert.equal(store.getState().undo(), false);
    clock.advance(60_000);
    await setImmediate();
    assert.deepEqual(done, ['back second', 'back first']);
  });

  it('do not take a plain message for something to take back', () => {
    const { store } = opened();
    store.getState().show({ text: 'plain' });
    assert.equal(store.getState().undo(store.getState().toasts[0]?.id), false);
    assert.equal(store.getState().toasts.length, 1);
  });

  it('stand still while they are looked at', async () => {
    const { clock, store, done, remove } = opened();
    remove('run');
    store.getState().hold();
    clock.advance(60_000);
    await setImmediate();
    assert.deepEqual(done, []);
    store.getState().release();
    clock.advance(10_000);
    await setImmediate();
    assert.deepEqual(done, ['gone run']);
  });

  it('commit what is pushed out by newer ones, since nobody can take it back any more', async () => {
    const { done, texts, remove } = opened();
    for (const name of ['a', 'b', 'c', 'd', 'e']) remove(name);
    await setImmediate();
    assert.deepEqual(done, ['gone a']);
    assert.deepEqual(texts(), ['b', 'c', 'd', 'e']);
  });

  it('commit nothing when the window goes', async () => {
    const { clock, store, done, remove } = opened();
    remove('run');
    store.getState().dropAll();
    clock.advance(60_000);
    await setImmediate();
    assert.deepEqual(done, []);
  });

  it('say so when what was deferred fails', async () => {
    const { clock, store, texts } = opened();
    store.getState().offerUndo({ text: 'removed', commit: () => Promise.reject(new Error('The disk is full.')) });
    clock.advance(10_000);
    await setImmediate();
    assert.deepEqual(texts(), ['The disk is full.']);
  });
});
