import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { startLiveView, type LiveScreen } from './live-view.ts';

interface FakeScreen extends LiveScreen {
  readonly writes: string[];
  columns: number;
  resize(): void;
  listeners: number;
}

function fakeScreen(): FakeScreen {
  let onResize: (() => void) | null = null;
  return {
    writes: [],
    columns: 40,
    listeners: 0,
    write(text) {
      this.writes.push(text);
    },
    size() {
      return { columns: this.columns, rows: 10 };
    },
    onResize(callback) {
      onResize = callback;
      this.listeners += 1;
      return () => {
        onResize = null;
        this.listeners -= 1;
      };
    },
    resize: () => onResize?.(),
  };
}

test('many refreshes become few frames, each drawn over the last', async () => {
  const screen = fakeScreen();
  let frame = 0;
  const view = startLiveView(screen, () => ['one', `two ${(frame += 1)}`], 40);
  for (let index = 0; index < 50; index += 1) {
    view.refresh();
    await sleep(2);
  }
  view.finish();
  assert.ok(screen.writes.length >= 3 && screen.writes.length <= 8, `${screen.writes.length} frames`);
  assert.equal(screen.writes[0]?.includes('\u001b[2A'), false, 'the first frame does not move up');
  assert.equal(screen.writes[1]?.includes('\u001b[2A'), true, 'the second goes up over two lines');
});

test('the cursor is hidden while it draws and given back at the end, once', () => {
  const screen = fakeScreen();
  const view = startLiveView(screen, () => ['x'], 10);
  view.finish(['last']);
  view.finish(['again']);
  view.refresh();
  const all = screen.writes.join('');
  assert.equal(screen.writes.length, 1);
  const order = ['\u001b[?25l', 'last', '\u001b[?25h'].map((part) => all.indexOf(part));
  assert.ok(
    (order[0] ?? -1) >= 0 && order.every((place, index) => index === 0 || place > (order[index - 1] ?? 0)),
    order.join(' '),
  );
  assert.equal(screen.listeners, 0);
});

test('after the terminal became narrower it goes up over the broken lines as well', async () => {
  const screen = fakeScreen();
  const view = startLiveView(screen, (columns) => ['y'.repeat(columns - 1)], 5);
  view.refresh();
  await sleep(20);
  screen.columns = 14;
  screen.resize();
  await sleep(20);
  view.finish();
  assert.equal(screen.writes[1]?.includes('\u001b[3A'), true, JSON.stringify(screen.writes[1]));
});

test('never more lines than the terminal has rows', () => {
  const screen = fakeScreen();
  const view = startLiveView(screen, () => Array.from({ length: 50 }, (_, index) => `line ${index}`), 5);
  view.finish();
  assert.equal(screen.writes.join('').split('\r\n').length - 1, 9);
});
