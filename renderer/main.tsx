import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import type { PreloadApi } from '#contract/shell.ts';
import { App } from './app/app.tsx';
import { applyRememberedAppearance } from './app/appearance.ts';
import { createEngineAccess } from './connection/engine-access.ts';
import { keepConnected } from './connection/keep-connected.ts';
import { createBrowserShell } from './shell/browser-shell.ts';
import { createElectronShell } from './shell/electron-shell.ts';

// zod probes `new Function` otherwise, which the Content-Security-Policy reports as a violation at every load.
z.config({ jitless: true });
applyRememberedAppearance();

// The page that is shown first comes while the frame is made, not after it.
if (/^#?\/?$/.test(location.hash)) void import('./features/home/views/home-page.tsx');

const preload = (globalThis as { readonly forgeShell?: PreloadApi }).forgeShell;
const shell = preload === undefined ? createBrowserShell() : createElectronShell(preload);
const engine = createEngineAccess();
const root = document.querySelector('#root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(<App engine={engine} shell={shell} />);
// The gallery and the preview of the build show the window without an engine.
if (!location.hash.startsWith('#/gallery')) void keepConnected(shell.wires, engine, shell.version);
