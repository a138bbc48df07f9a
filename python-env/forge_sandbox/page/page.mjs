/**
 * A page that holds one worker and passes texts between it and whoever embeds the page. Its origin serves nothing but these files and Pyodide's, and nothing at
 * all once Python is up; its policy allows no other address and no code made of text.
 */
const worker = new Worker(`worker.mjs${location.search}`, { type: 'module' });

globalThis.addEventListener(
  'message',
  ({ ports: [port] }) => {
    worker.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') port.postMessage(data);
    });
    worker.addEventListener('error', ({ message }) => port.postMessage(JSON.stringify({ kind: 'gone', reason: String(message) })));
    port.addEventListener('message', ({ data }) => {
      if (data === null) worker.terminate();
      else worker.postMessage(data);
    });
    port.start();
    // The worker waits for this: nothing it says may come before somebody listens.
    worker.postMessage('begin');
  },
  { once: true },
);
