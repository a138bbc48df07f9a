import { languageChoice, type PreloadApi } from '#contract/shell.ts';
import { createMessagePortLink } from '#contract/wire-link.ts';
import type { EngineWire, EngineWires } from '../connection/keep-connected.ts';
import type { ShellApi } from './shell-api.ts';

const portPatienceMs = 15_000;

/** The window in the desktop shell: everything goes through the few functions of the preload. */
export function createElectronShell(preload: PreloadApi): ShellApi {
  return {
    kind: 'desktop',
    platform: preload.platform,
    version: preload.version,
    wires: messagePortWires(preload),
    canPickPath: true,
    pickPath: (request) => preload.pickPath(request),
    pathOfFile: (file) => preload.pathOfFile(file) || null,
    reveal: (path) => preload.reveal({ path }),
    openExternal: (url) => preload.openExternal({ url }),
    notify: (request) => preload.notify(request),
    copy: (text) => preload.copy({ text }),
    loginItem: () => preload.loginItem(),
    setLoginItem: (openAtLogin) => preload.setLoginItem({ openAtLogin }),
    setAppearance: ({ theme, language }) => preload.setAppearance({ theme, language: languageChoice.parse(language) }),
    restartEngine: () => preload.restartEngine(),
    onOpen: (listener) => preload.onOpen(listener),
    onCommand: (listener) => preload.onCommand(listener),
  };
}

function messagePortWires(preload: PreloadApi): EngineWires {
  return {
    async open() {
      const port = await askForPort(preload);
      return wireOf(port);
    },
    // The desktop shell starts the engine of its own version and nobody stands between.
    isRefused: async () => false,
  };
}

/** The port comes as a message of this very window; the nonce ties it to this request. */
function askForPort(preload: PreloadApi): Promise<MessagePort> {
  const nonce = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      window.removeEventListener('message', onMessage);
    };
    const onMessage = ({ source, data, ports }: MessageEvent<unknown>): void => {
      const [port] = ports;
      const isOurs = source === window && isPortMessage(data) && data.nonce === nonce;
      if (!isOurs || port === undefined) return;
      stop();
      resolve(port);
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error('The desktop shell gave no connection to the engine.'));
    }, portPatienceMs);
    window.addEventListener('message', onMessage);
    preload.requestEnginePort(nonce);
  });
}

function isPortMessage(data: unknown): data is { readonly kind: 'forge-engine-port'; readonly nonce: string } {
  return (
    typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'forge-engine-port' && 'nonce' in data
  );
}

function wireOf(port: MessagePort): EngineWire {
  const closed = new Promise<void>((resolve) => port.addEventListener('close', () => resolve()));
  const link = createMessagePortLink(port);
  port.start();
  return { link, closed, close: () => port.close() };
}
