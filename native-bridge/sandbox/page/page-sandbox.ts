import type { Fitness, Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { tryToEscape } from '../quick-escapes.ts';
import { awaitReady, openSession } from '../script-session.ts';
import { openPageChannel, type PageHost } from './page-channel.ts';
import { openPageOrigin, type PageOrigin } from './page-origin.ts';

const readyMs = 90_000;

export interface PageSandboxOptions {
  readonly host: PageHost;
  /** Who may embed the page, as `frame-ancestors` writes it. */
  readonly ancestors: string;
  /** Told of every origin that is opened; for witnesses. */
  readonly onOrigin?: (origin: PageOrigin) => void;
}

/** Pyodide in a worker of a page that reaches nothing: no installation on any system, as long as a window is open that shows the page. */
export function createPageSandbox({ host, ancestors, onOrigin }: PageSandboxOptions): Sandbox {
  const sandbox: Sandbox = {
    name: 'page',
    label: 'Pyodide in a page of the window',
    async probe(signal): Promise<Fitness> {
      const isThere = await host.isThere();
      return isThere
        ? tryToEscape(sandbox, 'the open window', signal)
        : { isFit: false, detail: 'no window of Forge is open that could hold it' };
    },
    start(program, signal) {
      const { memoryBytes, outputBytes } = program.limits;
      return openSession(
        async (aborting) => {
          const origin = await openPageOrigin(memoryBytes, ancestors);
          onOrigin?.(origin);
          const channel = await openPageChannel({ host, origin, frameCharacters: outputBytes, signal: aborting });
          return awaitReady(channel, readyMs);
        },
        program,
        signal,
      );
    },
  };
  return sandbox;
}
