import { kindOf, type DesktopPort, type ParentPort } from './parent-port.ts';

/**
 * Makes a helper's entry, written for `child_process.fork`, run in a utility process: waits for the channel to the engine, then lets
 * `process.send`, `process.connected` and the events `message` and `disconnect` mean that channel. Import the entry after it resolves.
 */
export async function adoptParentPort(parent: ParentPort): Promise<void> {
  const port = await new Promise<DesktopPort>((resolve) => {
    parent.on('message', ({ data, ports }) => {
      const [first] = ports;
      if (kindOf(data) === 'engine' && first !== undefined) resolve(first);
    });
  });
  let isConnected = true;
  Object.defineProperty(process, 'connected', { get: () => isConnected, configurable: true });
  Object.defineProperty(process, 'send', {
    value: (message: unknown) => {
      if (isConnected) port.postMessage(message);
      return isConnected;
    },
    configurable: true,
  });
  // The entry takes its listeners up while it loads: nothing may arrive before it has.
  port.on('message', (event) => void process.emit('message', event?.data as object, undefined as never));
  port.on('close', () => {
    isConnected = false;
    process.emit('disconnect');
  });
  setImmediate(() => port.start());
}
