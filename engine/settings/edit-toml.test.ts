import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editToml } from './edit-toml.ts';

const port = (value: number | null) => ({ section: 'server', name: 'port', value });

test('a value is changed in its line, and comments, order and blank lines stay', () => {
  const text =
    '# mine\n[network]\noffline = true\n\n[server] # the door\n  port = 1000   # "my" port\n\nhost = "a#b"\n';
  assert.equal(
    editToml(text, port(19000)),
    '# mine\n[network]\noffline = true\n\n[server] # the door\n  port = 19000  # "my" port\n\nhost = "a#b"\n',
  );
  assert.equal(
    editToml(text, { section: 'server', name: 'host', value: 'c"d\\e' }),
    text.replace('host = "a#b"', String.raw`host = "c\"d\\e"`),
  );
});

test('a key that is not there goes below its commented default, else to the end of its section, else into a new one', () => {
  assert.equal(
    editToml('[server]\n# port = 1 # why\n# x\n\n[b]\n', port(2)),
    '[server]\n# port = 1 # why\nport = 2\n# x\n\n[b]\n',
  );
  assert.equal(
    editToml('[server]\nhost = "a"\n\n\n[b]\nc = 1', port(2)),
    '[server]\nhost = "a"\nport = 2\n\n\n[b]\nc = 1',
  );
  assert.equal(editToml('[server]', port(2)), '[server]\nport = 2\n');
  assert.equal(editToml('a = 1', port(2)), 'a = 1\n\n[server]\nport = 2\n');
  assert.equal(editToml('', port(2)), '[server]\nport = 2\n');
  assert.equal(editToml('[server]\r\nhost = "a"\r\n', port(2)), '[server]\r\nhost = "a"\r\nport = 2\r\n');
});

test('a key is taken out with its line; a note beside it stays', () => {
  assert.equal(editToml('[server]\nport = 1\nhost = "a"\n', port(null)), '[server]\nhost = "a"\n');
  assert.equal(editToml("[server]\n'port' = 1 # for the tool\n", port(null)), '[server]\n# for the tool\n');
  assert.equal(editToml('[server]\nhost = "a"\n', port(null)), '[server]\nhost = "a"\n');
  assert.equal(editToml('a = 1\n', port(null)), 'a = 1\n');
});

test('setting and taking out again and again leaves no trace', () => {
  const text = '[server]\n# port = 18793\n';
  let edited = text;
  for (let round = 0; round < 3; round += 1) {
    edited = editToml(editToml(edited, port(round)) ?? '', port(null)) ?? '';
    assert.equal(edited, text);
  }
});

test('what cannot be edited line by line is refused, never half done', () => {
  const texts = [
    'server = { port = 1 }\n',
    'server.port = 1\n',
    '[server]\nhost = """\nport = 5\n"""\n',
    '[[server]]\nport = 1\n',
    '[server\n',
    '[server]\nport = [\n1,\n2]\n',
  ];
  assert.deepEqual(
    texts.map((text) => editToml(text, port(2))),
    [null, null, null, null, null, null],
  );
  assert.equal(editToml('a = 1\n', { section: 'server', name: 'host', value: '\ud800' }), null);
});

test('any text survives the way into the file', () => {
  for (const value of ['', 'ä 🚀', 'a\nb\tc', '\u0001\u007f', "'", '#', '"""'])
    assert.notEqual(editToml('[s]\nk = "x" # y\n', { section: 's', name: 'k', value }), null, JSON.stringify(value));
});
