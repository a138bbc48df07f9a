import { readFile } from 'node:fs/promises';
import { findPackageJSON, stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** One ES module as a browser can load it: its address on this server and its text, whose imports are addresses too. */
export interface BrowserModule {
  readonly address: string;
  readonly source: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** `import ... from 'x'`, `export ... from 'x'` and `import 'x'`, at the beginning of a line as formatters and bundlers write them. */
const staticImport = /^((?:import|export)\b[^'";]*?\bfrom\s*['"]|import\s*['"])([^'"\n]+)/gm;

/**
 * The page without a bundler: the entry and everything it imports, TypeScript stripped of its types by Node and bare names
 * (`@orpc/client`) turned into addresses, since an import map would have to be an inline script, which the Content-Security-Policy
 * refuses. Two dozen small files over loopback need no bundling; the desktop interface brings a bundler when it brings a framework.
 * Only what is reachable from the entry is ever served.
 */
export async function collectBrowserModules(entry: string): Promise<BrowserModule[]> {
  const found = new Map<string, BrowserModule>();
  const waiting = [path.join(root, entry)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    const text = await readFile(file, 'utf8');
    const plain = file.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
    const imports = await resolveImports(plain, file);
    const source = plain.replace(staticImport, (_, before: string, name: string) => {
      return before + addressOf(imports.get(name) ?? name);
    });
    found.set(file, { address: addressOf(file), source });
    waiting.push(...imports.values());
  }
  return [...found.values()];
}

async function resolveImports(source: string, file: string): Promise<Map<string, string>> {
  const resolved = new Map<string, string>();
  for (const [, , name = ''] of source.matchAll(staticImport)) resolved.set(name, await resolveImport(name, file));
  return resolved;
}

async function resolveImport(name: string, from: string): Promise<string> {
  if (name.startsWith('.')) return path.resolve(path.dirname(from), name);
  if (name.startsWith('#contract/')) return path.join(root, name.slice(1));
  if (name.startsWith('#') || name.startsWith('node:')) throw new Error(`A page may not import ${name} (${from}).`);
  return resolvePackage(name, from);
}

/** The browser's file of a package, by its `exports` (conditions `import`, then `default`). */
async function resolvePackage(name: string, from: string): Promise<string> {
  const manifestPath = findPackageJSON(name, pathToFileURL(from));
  if (manifestPath === undefined) throw new Error(`The package ${name} is not installed (${from}).`);
  const manifest: unknown = JSON.parse(await readFile(manifestPath, 'utf8'));
  const nameLength = name.startsWith('@') ? 2 : 1;
  const subpath = ['.', ...name.split('/').slice(nameLength)].join('/');
  const exports = property(manifest, 'exports');
  const entry = property(exports, subpath) ?? (subpath === '.' ? exports : undefined);
  const target = [entry, property(entry, 'import'), property(entry, 'default')].find(
    (value) => typeof value === 'string',
  );
  if (typeof target !== 'string') throw new Error(`The package ${name} has no entry for browsers (${from}).`);
  return path.join(path.dirname(manifestPath), target);
}

/** `/modules/forge/renderer/main.js`, `/modules/@orpc/client/dist/index.mjs`. */
function addressOf(file: string): string {
  const inside = path.relative(root, file).split(path.sep);
  const modules = inside.lastIndexOf('node_modules');
  const parts = modules < 0 ? ['forge', ...inside] : inside.slice(modules + 1);
  return `/modules/${parts.join('/')}`.replace(/\.ts$/, '.js');
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
