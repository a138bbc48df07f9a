import type { ForgeClient } from '#contract/client.ts';
import type { ElectronParts } from './electron-parts.ts';
import type { LoginItems } from './login-item.ts';
import type { TrayCommand } from './tray-menu.ts';

export interface TrayCommandParts {
  readonly clipboard: ElectronParts['clipboard'];
  readonly loginItems: LoginItems;
  client(): ForgeClient | null;
  open(place?: string): void;
  quit(): void;
  newRequestId(): string;
  /** A failed command shows in the window, which says why. */
  readonly onFailure: (error: unknown) => void;
}

/** Does what was clicked in the tray, through the same contract as window and command line. */
export function runTrayCommand(command: TrayCommand, parts: TrayCommandParts): void {
  const { client, open, quit, loginItems } = parts;
  if (command.kind === 'open') return open();
  if (command.kind === 'open-place') return open(command.place);
  if (command.kind === 'quit') return quit();
  if (command.kind === 'login-item') return void loginItems.set(command.openAtLogin);
  const engine = client();
  if (engine === null) return open();
  askEngine(command, engine, parts).catch((error: unknown) => {
    parts.onFailure(error);
    open('#/server');
  });
}

type EngineCommand = Exclude<TrayCommand, { readonly kind: 'open-place' | 'login-item' }>;

async function askEngine(command: EngineCommand, engine: ForgeClient, parts: TrayCommandParts): Promise<unknown> {
  const requestId = parts.newRequestId();
  switch (command.kind) {
    case 'start-server':
      return engine.serving.start({ requestId });
    case 'stop-server':
      return engine.serving.stop({ requestId });
    case 'copy-address':
      return parts.clipboard.writeText((await engine.serving.status()).url ?? '');
    case 'copy-key':
      return parts.clipboard.writeText((await engine.serving.key()).key);
    case 'choose-version':
      return engine.serving.choose({ name: command.name, version: command.version, requestId });
    case 'pause-training':
      return engine.jobs.pause({ job: command.job, requestId });
    case 'resume-training':
      return engine.jobs.resume({ job: command.job, requestId });
    default:
      return undefined;
  }
}
