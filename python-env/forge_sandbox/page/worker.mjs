/** Python in a worker of a page that reaches nothing. Texts in and out are those of `driver.py`. */
import { loadPyodide } from './pyodide.mjs';
import { openPython } from './pyodide-python.mjs';

const post = globalThis.postMessage.bind(globalThis);
const memoryBytes = Number(new URLSearchParams(location.search).get('memory'));

async function begin() {
  const driver = await (await fetch('driver.py')).text();
  const folder = new URL('.', location.href).href;
  const at = (row) => post(`{"kind":"at","row":${row}}`);
  const acts = await openPython({ loadPyodide, folder, driver, memoryBytes, at });
  globalThis.addEventListener('message', ({ data }) => post(acts[JSON.parse(data).kind](data)));
  post(acts.ready);
}

globalThis.addEventListener('message', () => begin().catch((error) => post(JSON.stringify({ kind: 'gone', reason: String(error) }))), {
  once: true,
});
