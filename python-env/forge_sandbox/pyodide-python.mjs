/**
 * Python in WebAssembly, for a Deno without permissions and for a worker of a page that reaches nothing. It is no wall by itself (in Node it reads files and
 * starts programs): whoever imports this stands behind one already.
 */

const pageBytes = 65_536;

/** Memory that WebAssembly may have at most: then malloc gives nothing, and Python says MemoryError. */
function limitMemory(memoryBytes) {
  const grow = WebAssembly.Memory.prototype.grow;
  Object.defineProperty(WebAssembly.Memory.prototype, 'grow', {
    value(pages) {
      if (this.buffer.byteLength + Number(pages) * pageBytes > memoryBytes) throw new RangeError('over the memory limit');
      return grow.call(this, pages);
    },
  });
}

/**
 * Loads Python and the driver. The acts take and give the JSON texts of `driver.py`.
 * @param {{ loadPyodide: Function, folder: string, driver: string, memoryBytes: number, at: (row: number) => void }} options
 */
export async function openPython({ loadPyodide, folder, driver, memoryBytes, at }) {
  limitMemory(memoryBytes);
  const silent = () => undefined;
  const python = await loadPyodide({
    indexURL: folder,
    // Without this `import js` is the whole host.
    jsglobals: {},
    env: { PYTHONHASHSEED: '0', HOME: '/' },
    stdin: () => null,
    stdout: silent,
    stderr: silent,
  });
  python.runPython(driver);
  const made = python.globals.get('Driver')();
  return {
    ready: '{"kind":"ready","printed":""}',
    start: (text) => made.start(text),
    sample: (text) => made.sample(text),
    rows: (text) => made.rows(text, at),
  };
}
