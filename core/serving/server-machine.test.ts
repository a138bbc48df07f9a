import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { serverStates, type ServerState } from '#contract/serving-state.ts';
import {
  firstServerState,
  isListening,
  isSettled,
  next,
  type ServerEvent,
  type ServerEventKind,
  type ServerMachineState,
  type ServerMove,
} from './server-machine.ts';

const here = { host: '127.0.0.1', port: 18_793 };
const elsewhere = { host: '127.0.0.1', port: 8080 };
const url = 'http://127.0.0.1:18793/v1';
const failure: ForgeErrorData = {
  ...{ code: 'engine.port-taken', message: 'Taken.', remedy: 'Choose another.', retryable: true, exitCode: 3 },
  ...{ detail: {}, correlationId: null },
};

const samples: Readonly<Record<ServerEventKind, ServerEvent>> = {
  'start-asked': { kind: 'start-asked', address: elsewhere },
  'restart-asked': { kind: 'restart-asked', address: here },
  'stop-asked': { kind: 'stop-asked' },
  listening: { kind: 'listening', address: here, url },
  'listen-failed': { kind: 'listen-failed', failure },
  closed: { kind: 'closed' },
  crashed: { kind: 'crashed', failure },
  'answer-begun': { kind: 'answer-begun' },
  'answer-ended': { kind: 'answer-ended' },
};

function stateOf(name: ServerState, change: Partial<ServerMachineState> = {}): ServerMachineState {
  return {
    ...firstServerState,
    name,
    address: name === 'stopped' ? null : here,
    url: isListening({ name }) ? url : null,
    answering: name === 'busy' ? 1 : 0,
    failure: name === 'failed' ? failure : null,
    ...change,
  };
}

function outcome(move: ServerMove): string {
  if (move.kind === 'refused') return 'refused';
  return [move.state.name, ...move.effects.map(({ kind }) => kind)].join(' ');
}

/** Where each event leads from each state, with its effects; what is not named is refused. No answer is being made but in `busy`. */
const table: Readonly<Record<ServerState, Partial<Record<ServerEventKind, string>>>> = {
  stopped: {
    'start-asked': 'starting open',
    'restart-asked': 'starting open',
    'stop-asked': 'stopped',
    'answer-begun': 'stopped',
  },
  starting: {
    'start-asked': 'stopping',
    'restart-asked': 'starting',
    'stop-asked': 'stopping',
    listening: 'serving',
    'listen-failed': 'failed',
    'answer-begun': 'starting',
  },
  serving: {
    'start-asked': 'stopping close',
    'restart-asked': 'stopping close',
    'stop-asked': 'stopping close release',
    crashed: 'stopping close',
    'answer-begun': 'busy',
  },
  busy: {
    'start-asked': 'stopping close',
    'restart-asked': 'stopping close',
    'stop-asked': 'stopping close release',
    crashed: 'stopping close',
    'answer-begun': 'busy',
    'answer-ended': 'serving',
  },
  stopping: {
    'start-asked': 'stopping',
    'restart-asked': 'stopping',
    'stop-asked': 'stopping',
    listening: 'stopping close release',
    'listen-failed': 'stopped',
    closed: 'stopped',
    'answer-begun': 'stopping',
  },
  failed: {
    'start-asked': 'starting open',
    'restart-asked': 'starting open',
    'stop-asked': 'stopped',
    'answer-begun': 'failed',
  },
};

for (const name of serverStates) {
  test(`every event in the state ${name} leads where the table says, or is refused with a reason`, () => {
    for (const event of Object.values(samples)) {
      const move = next(stateOf(name), event);
      assert.equal(outcome(move), table[name][event.kind] ?? 'refused', event.kind);
      if (move.kind === 'refused') assert.match(move.reason, /^[a-z].{8,}$/);
    }
  });

  test(`an address and a failure are shown in the state ${name} only where they are true`, () => {
    for (const event of Object.values(samples)) {
      const move = next(stateOf(name), event);
      if (move.kind === 'refused') continue;
      const { state } = move;
      assert.equal(state.url !== null, isListening(state), `${event.kind}: url`);
      assert.equal(state.name === 'busy', isListening(state) && state.answering > 0, `${event.kind}: busy`);
      if (isSettled(state)) {
        assert.equal(state.failure !== null, state.name === 'failed', `${event.kind}: failure`);
        assert.equal(state.next, null, `${event.kind}: next`);
      }
    }
  });
}

/** The states that a row of events leads through. */
function path(
  from: ServerMachineState,
  events: readonly ServerEvent[],
): { states: string[]; last: ServerMachineState } {
  let last = from;
  const states = events.map((event) => {
    const move = next(last, event);
    assert.ok(move.kind === 'moved', `${last.name}: ${event.kind}`);
    last = move.state;
    return outcome(move);
  });
  return { states, last };
}

test('start where it listens already changes nothing, and port 0 is content with the port in use', () => {
  for (const address of [here, { ...here, port: 0 }]) {
    const move = next(stateOf('serving'), { kind: 'start-asked', address });
    assert.deepEqual(move, { kind: 'moved', state: stateOf('serving'), effects: [] });
  }
});

test('a start somewhere else closes first and opens there, without giving the models back', () => {
  const { states, last } = path(stateOf('serving'), [
    { kind: 'start-asked', address: elsewhere },
    { kind: 'closed' },
    { kind: 'listening', address: elsewhere, url },
  ]);
  assert.deepEqual(states, ['stopping close', 'starting open', 'serving']);
  assert.deepEqual(last.address, elsewhere);
});

test('a stop during the opening closes what opens, and a start during that opens again', () => {
  const { states } = path(stateOf('starting'), [
    samples['stop-asked'],
    samples['listening'],
    samples['restart-asked'],
    samples['closed'],
  ]);
  assert.deepEqual(states, ['stopping', 'stopping close release', 'stopping', 'starting open']);
});

test('a start elsewhere during an opening that fails is tried there', () => {
  const { states, last } = path(stateOf('starting'), [samples['start-asked'], samples['listen-failed']]);
  assert.deepEqual([states, last.address, last.failure], [['stopping', 'starting open'], elsewhere, null]);
});

test('a crash closes, keeps its reason, and a start clears it', () => {
  const crashed = path(stateOf('busy'), [samples['crashed'], samples['closed']]);
  assert.deepEqual([crashed.last.name, crashed.last.failure], ['failed', failure]);
  const again = path(stateOf('busy'), [samples['crashed'], samples['restart-asked'], samples['closed']]);
  assert.deepEqual([again.last.name, again.last.failure], ['starting', null]);
});

test('answers that outlive the server are counted to their end, and make the next one busy at once', () => {
  const { states, last } = path(stateOf('busy', { answering: 2 }), [
    samples['stop-asked'],
    samples['answer-ended'],
    samples['closed'],
    samples['restart-asked'],
    samples['listening'],
    samples['answer-ended'],
  ]);
  assert.deepEqual(states, ['stopping close release', 'stopping', 'stopped', 'starting open', 'busy', 'serving']);
  assert.equal(last.answering, 0);
  for (const name of serverStates.filter((state) => state !== 'busy'))
    assert.equal(next(stateOf(name), samples['answer-ended']).kind, 'refused', name);
});

test('every state can be left, and no row of events leaves the count below zero', () => {
  for (const name of serverStates) {
    const left = Object.values(samples).some((event) => {
      const move = next(stateOf(name), event);
      return move.kind === 'moved' && move.state.name !== name;
    });
    assert.ok(left, name);
  }
  let state = firstServerState;
  const events = Object.values(samples);
  for (let step = 0; step < 5_000; step += 1) {
    const event = events[(step * 7919 + Math.floor(step / 11)) % events.length];
    assert.ok(event);
    const move = next(state, event);
    if (move.kind === 'moved') state = move.state;
    assert.ok(state.answering >= 0);
  }
});
