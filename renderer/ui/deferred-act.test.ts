import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deferAct } from './deferred-act.ts';
import { createManualClock } from './manual-clock.ts';

function deferred() {
  const clock = createManualClock();
  const done: string[] = [];
  const act = deferAct({ delayMs: 10_000, clock, commit: () => done.push('commit'), undo: () => done.push('undo') });
  return { clock, done, act };
}

describe('A deferred act', () => {
  it('is done when its time is over, not before', () => {
    const { clock, done } = deferred();
    clock.advance(9_999);
    assert.deepEqual(done, []);
    clock.advance(1);
    assert.deepEqual(done, ['commit']);
  });

  it('is taken back by undo and never done afterwards', () => {
    const { clock, done, act } = deferred();
    clock.advance(5_000);
    assert.equal(act.undo(), true);
    clock.advance(60_000);
    act.commitNow();
    assert.deepEqual(done, ['undo']);
  });

  it('cannot be taken back once it is done', () => {
    const { clock, done, act } = deferred();
    clock.advance(10_000);
    assert.equal(act.undo(), false);
    assert.deepEqual(done, ['commit']);
  });

  it('is done once when the notice is closed, and not again when the time is over', () => {
    const { clock, done, act } = deferred();
    act.commitNow();
    act.commitNow();
    clock.advance(20_000);
    assert.deepEqual(done, ['commit']);
  });

  it('waits while it is held and goes on with the time that was left', () => {
    const { clock, done, act } = deferred();
    clock.advance(8_000);
    act.hold();
    clock.advance(60_000);
    assert.deepEqual(done, []);
    act.release();
    clock.advance(1_999);
    assert.deepEqual(done, []);
    clock.advance(1);
    assert.deepEqual(done, ['commit']);
  });

  it('keeps one timer however often it is held and released', () => {
    const { clock, act } = deferred();
    act.release();
    act.hold();
    act.hold();
    act.release();
    act.release();
    assert.equal(clock.waiting(), 1);
  });

  it('does nothing at all when the window goes', () => {
    const { clock, done, act } = deferred();
    act.drop();
    clock.advance(20_000);
    act.commitNow();
    assert.equal(act.undo(), false);
    assert.deepEqual(done, []);
  });
});
