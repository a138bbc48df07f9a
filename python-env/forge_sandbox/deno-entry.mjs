/** Python inside Deno: `deno-entry.mjs <folder of Pyodide> <bytes of memory>`. Frames over standard input and output, as `driver.py` speaks them. */
import { openPython } from './pyodide-python.mjs';

const [folder, memoryBytes] = Deno.args;
const [coder, decoder] = [new TextEncoder(), new TextDecoder()];

// A script may leave a promise behind that is refused what it asks for: that is no reason to end.
globalThis.addEventListener('unhandledrejection', (event) => event.preventDefault());

async function readExactly(length) {
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const count = await Deno.stdin.read(bytes.subarray(filled));
    if (count === null) Deno.exit(0);
    filled += count;
  }
  return bytes;
}

async function readFrame() {
  const head = await readExactly(4);
  return decoder.decode(await readExactly(new DataView(head.buffer).getUint32(0)));
}

function writeFrame(text) {
  const body = coder.encode(text);
  const bytes = new Uint8Array(4 + body.length);
  new DataView(bytes.buffer).setUint32(0, body.length);
  bytes.set(body, 4);
  for (let written = 0; written < bytes.length;) written += Deno.stdout.writeSync(bytes.subarray(written));
}

/** What loading needed is given back before a script comes near: from here on everything is refused. */
function giveUpPermissions() {
  Deno.permissions.revokeSync({ name: 'read', path: folder });
  for (const name of ['read', 'write', 'net', 'env', 'run', 'sys', 'ffi', 'import']) {
    if (Deno.permissions.querySync({ name }).state === 'granted') throw new Error(`${name} is still allowed`);
  }
  if (Deno.permissions.querySync({ name: 'read', path: folder }).state === 'granted') throw new Error('reading is still allowed');
}

const driver = await readFrame();
const { loadPyodide } = await import(`file://${folder}/pyodide.mjs`);
const acts = await openPython({
  ...{ loadPyodide, folder: `${folder}/`, driver, memoryBytes: Number(memoryBytes) },
  at: (row) => writeFrame(`{"kind":"at","row":${row}}`),
});
giveUpPermissions();
writeFrame(acts.ready);
for (;;) {
  const text = await readFrame();
  const { kind } = JSON.parse(text);
  writeFrame(acts[kind](text));
}
