import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDoor, createDoorToken, type DoorRequest } from './door.ts';

const token = createDoorToken();

function doorAt(clock: { now: number }, host = '127.0.0.1') {
  return createDoor({ token, host, port: () => 18790, now: () => clock.now });
}

function request(authorization: string, remoteAddress = '127.0.0.1'): DoorRequest {
  return { method: 'GET', url: '/', headers: { host: 'localhost', authorization }, socket: { remoteAddress } };
}

const statusOf = (verdict: ReturnType<ReturnType<typeof doorAt>['judge']>) =>
  verdict.kind === 'refused' ? verdict.refusal.status : verdict.kind;

test('a token is 48 hexadecimal digits, never the same twice, and nothing else makes a door', () => {
  assert.match(token, /^[0-9a-f]{48}$/);
  assert.notEqual(token, createDoorToken());
  assert.throws(() => createDoor({ token: 'short', host: '127.0.0.1', port: () => 1, now: () => 0 }));
});

test('after ten wrong tokens in a minute an address gets 429 with the time to wait, and is heard again after it', () => {
  const clock = { now: 0 };
  const door = doorAt(clock);
  const statuses = Array.from({ length: 12 }, () => statusOf(door.judge(request('Bearer wrong'))));
  assert.deepEqual(statuses, [...Array<number>(10).fill(403), 429, 429]);
  clock.now = 20_000;
  const limited = door.judge(request('Bearer wrong'));
  assert.equal(limited.kind === 'refused' ? limited.refusal.headers['retry-after'] : null, '40');
  assert.equal(statusOf(door.judge(request('Bearer wrong', '10.0.0.2'))), 403);
  clock.now = 60_000;
  assert.equal(statusOf(door.judge(request('Bearer wrong'))), 403);
});

test('wrong tokens of a stale tab do not lock the owner out', () => {
  const door = doorAt({ now: 0 });
  for (let tries = 0; tries < 50; tries += 1) door.judge(request('Bearer wrong'));
  assert.equal(statusOf(door.judge(request(`Bearer ${token}`))), 'admitted');
});

test('bound to every interface, the machine is known by the address it was reached at and by no other name', () => {
  const door = doorAt({ now: 0 }, '0.0.0.0');
  const reachedAs = (host: string) =>
    door.judge({
      method: 'GET',
      url: '/',
      headers: { host, authorization: `Bearer ${token}` },
      socket: { remoteAddress: '192.168.1.9', localAddress: '::ffff:192.168.1.5' },
    });
  assert.deepEqual(
    [
      statusOf(reachedAs('192.168.1.5:18790')),
      statusOf(reachedAs('192.168.1.6:18790')),
      statusOf(reachedAs('rebound.example')),
    ],
    ['admitted', 403, 403],
  );
});
