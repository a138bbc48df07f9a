// `npm run dev`: the window from source with hot reload, over a real engine: `npm run dev -- --home DIR`. For working on renderer/.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import path from 'node:path';
import { createServer } from 'vite';
import { rendererBundle, repositoryRoot } from './renderer-bundle.ts';

const { stdout } = await promisify(execFile)(
  process.execPath,
  [path.join(repositoryRoot, 'cli', 'main.ts'), 'ui', '--no-open', '--json', ...process.argv.slice(2)],
  { cwd: repositoryRoot },
);
const { url } = JSON.parse(stdout) as { url: string };
const engine = new URL(url);
// The engine's door asks for its token and for its own origin: the proxy has both, the page of the dev server has neither.
const headers = { authorization: `Bearer ${engine.searchParams.get('token') ?? ''}`, origin: engine.origin };
const proxied = { target: engine.origin, changeOrigin: true, headers };
const server = await createServer({
  ...rendererBundle(),
  logLevel: 'info',
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: { '/rpc': { ...proxied, ws: true }, '/uploads': proxied },
  },
});
await server.listen();
server.printUrls();
