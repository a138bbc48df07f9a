import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import { createRoot } from 'react-dom/client';
import type { PreloadApi } from '#contract/shell.ts';
import { App } from './app/app.tsx';
import { applyRememberedAppearance } from './app/appearance.ts';
import { createEngineAccess } from './connection/engine-access.ts';
import { keepConnected } from './connection/keep-connected.ts';
import { createBrowserShell } from './shell/browser-shell.ts';
import { createElectronShell } from './shell/electron-shell.ts';

// What `z.config({ jitless: true })` sets, without loading zod, which only later pages need: it probes `new Function` otherwise, which the
// Content-Security-Policy reports as a violation.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
const appearance = applyRememberedAppearance();

const preload = (globalThis as { readonly forgeShell?: PreloadApi }).forgeShell;
const shell = preload === undefined ? createBrowserShell() : createElectronShell(preload);
const engine = createEngineAccess();
const root = document.querySelector('#root');
if (root === null) throw new Error('The page has no root element.');
// Not awaited at the top: what German loads builds on this file.
void appearance.then(() => createRoot(root).render(<App engine={engine} shell={shell} />));
// In a browser this window holds the sandbox of scripts where the engine's machine has no better one.
if (preload === undefined)
  engine.follow(async (client, signal) =>
    (await import('./shell/hold-sandbox-pages.ts')).holdSandboxPages(client, signal),
  );
// The gallery and the preview of the build show the window without an engine.
if (!location.hash.startsWith('#/gallery')) void keepConnected(shell.wires, engine, shell.version);
