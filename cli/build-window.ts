import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CommandFailure, exitCode } from './failure.ts';

/** There in a clone only: a release brings the window built. */
const builder = fileURLToPath(new URL('../scripts/build-renderer.ts', import.meta.url));
const keptCharacters = 4_000;

/**
 * Makes the page of `forge ui` when its sources changed: a few seconds once, nothing after. `say` gets the builder's lines.
 * @throws CommandFailure `command.window-not-built`
 */
export async function buildWindow(say: (text: string) => void): Promise<void> {
  if (!existsSync(builder)) return;
  let lines = '';
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [builder], { stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      lines = (lines + text).slice(-keptCharacters);
      say(text);
    });
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  throw new CommandFailure({
    code: 'command.window-not-built',
    message: `The window could not be built: ${lines.trim().split('\n').at(-1) ?? 'the builder said nothing'}`,
    remedy: 'Run npm ci in the folder of Forge, then the same command again.',
    exitCode: exitCode.machine,
  });
}
