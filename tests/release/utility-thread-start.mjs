// Loads the entry of a utility process inside a thread, with Electron's `process.parentPort` around the thread's own wire (utility-threads.ts).
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const desktopPort = (port) => ({
  postMessage: (message) => port.postMessage(message),
  on: (event, listener) =>
    event === 'message'
      ? port.on('message', (data) => listener({ data, ports: [] }))
      : port.on(event, () => listener()),
  start: () => port.start(),
  close: () => port.close(),
});

process.parentPort = {
  postMessage: (message) => parentPort.postMessage(message),
  on: (_event, listener) =>
    parentPort.on('message', ({ message, ports }) => listener({ data: message, ports: ports.map(desktopPort) })),
};
await import(pathToFileURL(workerData.modulePath).href);
