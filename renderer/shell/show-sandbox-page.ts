import type { ShownSandboxPage } from '#contract/hold-sandbox-pages.ts';

/**
 * Shows the page of a sandbox, unseen. It has an origin of its own (another port), so it reaches nothing of this window; its own answers forbid it every other
 * address. Closing ends its worker at once, whatever that is doing.
 */
export function showSandboxPage(address: string, take: (text: string) => void): ShownSandboxPage {
  const frame = document.createElement('iframe');
  const { port1: own, port2: given } = new MessageChannel();
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
  frame.hidden = true;
  frame.title = '';
  own.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'string') take(data);
  });
  own.start();
  const { origin } = new URL(address);
  frame.addEventListener('load', () => frame.contentWindow?.postMessage('begin', origin, [given]), { once: true });
  frame.src = address;
  document.body.append(frame);
  return {
    send: (text) => own.postMessage(text),
    close() {
      own.postMessage(null);
      own.close();
      frame.remove();
    },
  };
}
