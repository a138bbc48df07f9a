import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { protocolVersion } from '#contract/protocol-version.ts';
import { keepConnected, type EngineWires, type WireState } from './keep-connected.ts';

/** Wires whose greetings end as told, one after the other; a greeting that succeeds is lost at once. */
function wiresThat(...greetings: readonly (Error | 'greeted')[]): EngineWires {
  const left = [...greetings];
  return {
    open() {
      const greeting = left.shift() ?? new Error('nobody greets any more');
      const call = () => (greeting === 'greeted' ? Promise.resolve({}) : Promise.reject(greeting));
      return Promise.resolve({ link: { call }, closed: Promise.resolve(), close: () => undefined });
    },
    isRefused: () => Promise.resolve(left.length === 0),
  };
}

async function endOf(...greetings: readonly (Error | 'greeted')[]): Promise<WireState | undefined> {
  const states: WireState[] = [];
  const listener = { onState: (state: WireState) => void states.push(state), onConnected: () => undefined };
  await keepConnected(wiresThat(...greetings), listener, 'page');
  return states.at(-1);
}

const mismatch = (engine: number): ForgeError =>
  new ForgeError('engine.protocol-mismatch', { client: protocolVersion, engine });

test('an engine of another version is refused for good, and it is known which of the two is older', async () => {
  const refused = { kind: 'refused', wasLive: false };
  assert.deepEqual(await endOf(mismatch(protocolVersion - 1)), { ...refused, reason: 'older-engine' });
  assert.deepEqual(await endOf(mismatch(protocolVersion + 1)), { ...refused, reason: 'newer-engine' });
  assert.deepEqual(await endOf(new ForgeError('engine.protocol-mismatch')), { ...refused, reason: 'newer-engine' });
});

test('a door that lets nobody in is no other version', async () => {
  assert.deepEqual(await endOf(new Error('closed')), { kind: 'refused', reason: 'door', wasLive: false });
});

test('when an engine was replaced under an open window, what is on the screen is known to be there', async () => {
  assert.deepEqual(await endOf('greeted', mismatch(protocolVersion + 1)), {
    kind: 'refused',
    reason: 'newer-engine',
    wasLive: true,
  });
});
