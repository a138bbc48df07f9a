// An engine of another version of Forge behind the window: what is the matter stands in place of the page, with the one thing that mends it.
import { protocolVersion } from '#contract/protocol-version.ts';
import { newHome } from '../bad-input/forge-command.ts';
import { startOtherVersion } from '../fixtures/start-other-version.ts';
import { violationsInBothThemes } from './axe.ts';
import { expect, goTo, statusBar, test } from './fixtures.ts';

const ends: (() => Promise<void> | void)[] = [];
const begin = async (protocol: number): Promise<string> => {
  const home = await newHome({ after: (work) => void ends.push(work) });
  const other = await startOtherVersion(home, protocol);
  ends.push(() => void other.process.kill('SIGKILL'));
  return other.address;
};
test.afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

test('a window older than the engine says so and loads itself anew, by keyboard', async ({ page }) => {
  await goTo(page, await begin(protocolVersion + 1), '/models');
  const notice = page.getByRole('alert');
  await expect(notice).toContainText('Forge was updated while this window was open');
  await expect(statusBar(page)).not.toContainText('Nothing runs');
  expect(await violationsInBothThemes(page, 'older window')).toEqual([]);
  const reload = page.getByRole('button', { name: 'Load the window again' });
  await reload.focus();
  const loaded = page.waitForEvent('load');
  await page.keyboard.press('Enter');
  await loaded;
  await expect(page).toHaveURL(/#\/models$/);
  await expect(notice).toBeVisible();
});

test('an engine older than the window: the commands that mend it, to be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await goTo(page, await begin(protocolVersion - 1), '/');
  await expect(page.getByRole('alert')).toContainText('The engine is of an older version of Forge');
  await page.getByRole('button', { name: 'Copy the command' }).click();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('forge stop && forge ui');
});

test('in the desktop shell the engine is restarted by a button; one that stays is said to', async ({ page }) => {
  const address = await begin(protocolVersion - 1);
  await page.addInitScript({ content: desktopShell });
  await goTo(page, address, '/');
  const restart = page.getByRole('button', { name: 'Restart the engine' });
  await expect(page.getByRole('alert')).toContainText('The engine is of another version of Forge');
  await restart.click();
  await expect(page.getByRole('alert')).toContainText('is still there after 10 seconds');
  const loaded = page.waitForEvent('load');
  await restart.click();
  await loaded;
});

/** The preload's functions on the page, over the engine's own WebSocket; the engine ends when it is asked to for the second time. */
const desktopShell = `
  let asked = 0;
  window.forgeShell = {
    version: '1.2.3',
    platform: 'linux',
    requestEnginePort(nonce) {
      const { port1, port2 } = new MessageChannel();
      const socket = new WebSocket(location.origin.replace(/^http/, 'ws') + '/rpc');
      port1.onmessage = ({ data }) => (socket.readyState === 1 ? socket.send(data) : socket.addEventListener('open', () => socket.send(data)));
      socket.addEventListener('message', ({ data }) => port1.postMessage(data));
      socket.addEventListener('close', () => port1.close());
      window.postMessage({ kind: 'forge-engine-port', nonce }, location.origin, [port2]);
    },
    restartEngine: () => Promise.resolve((asked += 1) > 1),
    setAppearance: () => Promise.resolve(),
    onOpen: () => () => undefined,
    onCommand: () => () => undefined,
  };`;
