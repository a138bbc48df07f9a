import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldModel, portTaken, servingOf } from './fixtures.ts';
import { familyRows, heldName, otherHeld, snippetModels } from './served-rows.ts';
import { isUsablePort, nextPort, serverRemedy } from './server-remedy.ts';
import { clientAddress, keyPlaceholder, noKeyNeeded, snippetsOf } from './snippets.ts';

const facts = { address: 'http://127.0.0.1:18800/v1', model: 'support', keyRequired: false };

test('every snippet has the real address, and those that name a model the real model', () => {
  for (const { id, code } of snippetsOf(facts)) {
    assert.ok(code.includes('http://127.0.0.1:18800/v1'), id);
    if (id !== 'open-webui') assert.ok(code.includes('"support"'), id);
  }
});

test('a required key has its place in every snippet; one that is not asked for is called so', () => {
  for (const { id, code } of snippetsOf({ ...facts, keyRequired: true })) assert.ok(code.includes(keyPlaceholder), id);
  const [curl, ...rest] = snippetsOf(facts);
  assert.ok(!curl?.code.includes('Authorization'));
  for (const { id, code } of rest) assert.ok(code.includes(noKeyNeeded), id);
});

test('a name with quotes can not break out of a snippet', () => {
  const [curl, javascript] = snippetsOf({ ...facts, model: `a'b"c` });
  assert.ok(curl?.code.includes(String.raw`a'\''b\"c`));
  assert.ok(javascript?.code.includes(String.raw`"a'b\"c"`));
});

test('while it is stopped, the address is where it will be; everywhere is reached at home', () => {
  assert.equal(clientAddress({ url: null, host: '0.0.0.0', port: 5000 }), 'http://127.0.0.1:5000/v1');
  assert.equal(clientAddress({ url: null, host: '::1', port: 5000 }), 'http://[::1]:5000/v1');
  assert.equal(clientAddress({ url: 'http://127.0.0.1:1/v1', host: 'x', port: 2 }), 'http://127.0.0.1:1/v1');
});

test('each failure of the server has the remedy that Forge can do', () => {
  assert.deepEqual(serverRemedy(portTaken, 18_793), { kind: 'other-port', port: 18_794 });
  assert.equal(serverRemedy({ code: 'engine.not-loopback' }, 1).kind, 'require-key');
  assert.equal(serverRemedy({ code: 'serving.address-not-usable' }, 1).kind, 'this-machine');
  assert.equal(serverRemedy({ code: 'serving.stopped-listening' }, 1).kind, 'start-again');
  assert.ok(isUsablePort(nextPort(65_535)));
});

test('ports that need rights, or are none, are not usable', () => {
  assert.deepEqual([80, 1024, 65_535, 65_536, 1.5, null].map(isUsablePort), [false, true, true, false, false, false]);
});

test('a family knows what is in memory and where it goes back to', () => {
  const [support, invoices] = familyRows(servingOf());
  assert.deepEqual([support?.current, support?.held?.processId, support?.back], ['support:v3', 4242, 2]);
  assert.deepEqual([invoices?.held, invoices?.back], [null, null]);
  const gone = { name: 'x', current: 2, pinned: true, previous: 1, versions: [2] };
  assert.equal(familyRows(servingOf({ families: [gone] }))[0]?.back, null);
});

test('a model in memory that no name gives now is still shown, by its file if it has no name', () => {
  const base = { ...heldModel, name: null, path: 'C:\\forge\\base.gguf' };
  const others = otherHeld(
    servingOf({ servers: [heldModel, base, { ...heldModel, name: 'support:v2', state: 'closed' }] }),
  );
  assert.deepEqual(others.map(heldName), ['base.gguf']);
});

test('snippets offer the bare names, then versions from the newest, then the rest', () => {
  assert.deepEqual(snippetModels(servingOf()), [
    'support',
    'support:v3',
    'support:v2',
    'support:v1',
    'invoices',
    'invoices:v2',
    'invoices:v1',
    'smollm2-135m-instruct',
  ]);
});
