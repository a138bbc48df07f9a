import { spawn } from 'node:child_process';
import { buildWindow } from '../build-window.ts';
import { exitCode } from '../failure.ts';
import { isOn, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { withEngine } from '../with-engine.ts';

/** The program of the system that opens an address, with its arguments; null where there is no screen to open it on. */
export function opener(
  url: string,
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
): readonly [string, readonly string[]] | null {
  if (platform === 'darwin') return ['open', [url]];
  if (platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
  const hasScreen = (environment['DISPLAY'] ?? '') !== '' || (environment['WAYLAND_DISPLAY'] ?? '') !== '';
  return hasScreen ? ['xdg-open', [url]] : null;
}

/** Resolves with whether the program could be started; what becomes of it is the system's affair. */
function openAddress([program, words]: readonly [string, readonly string[]]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { detached: true, stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

/** `forge ui`: the engine stays, since the page needs it. */
export async function runUi(invocation: Invocation): Promise<number> {
  await buildWindow((text) => invocation.terminal.err(text));
  const { file, interfaceAddress: url } = await withEngine(invocation, (connection) => Promise.resolve(connection), {
    engineStays: true,
  });
  const command = opener(url, process.platform, invocation.environment);
  const wanted = !invocation.json && !isOn(invocation, 'no-open') && invocation.terminal.live;
  const opened = wanted && command !== null && (await openAddress(command));
  printResult(invocation, { url, port: file.port, pid: file.pid }, () => [
    url,
    ...(invocation.terminal.outIsTty
      ? [opened ? 'Opened in the browser.' : 'Open it in a browser.', 'The engine goes on until `forge stop`.']
      : []),
  ]);
  return exitCode.done;
}
