import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'vite';
import { z } from 'zod';
import { repositoryRoot } from './renderer-bundle.ts';

const folder = path.join(repositoryRoot, 'node_modules', 'node-llama-cpp');
const packageFile = z.object({ version: z.string().min(1) });
const releaseFile = z.object({ release: z.string().min(1) });

/**
 * Packages of node-llama-cpp that may be left out where nothing of them is used: what it compiles and downloads with is never reached,
 * because llama.cpp is loaded with `build: 'never'`.
 */
export const llamaPackages = /[\\/]node_modules[\\/](node-llama-cpp|ipull|simple-git|proper-lockfile|cross-spawn)[\\/]/;

async function readJson<Shape>(file: string, shape: z.ZodType<Shape>): Promise<Shape> {
  return shape.parse(JSON.parse(await readFile(path.join(folder, file), 'utf8')));
}

/**
 * Lets node-llama-cpp be bundled: two of its modules read files beside themselves (its version, which its prebuilt library must have too,
 * and llama.cpp's release), so these answers are written into the bundle. Bundled, it also leaves out loading the library in a forked
 * process first, which Electron's fuses forbid; a library that crashes takes the model process along, and the engine says so.
 */
export function bundledLlama(): Plugin {
  const written: readonly { readonly id: RegExp; source(): Promise<string> }[] = [
    {
      id: /node-llama-cpp[\\/]dist[\\/]utils[\\/]getModuleVersion\.js$/,
      async source() {
        const { version } = await readJson('package.json', packageFile);
        return `export const getModuleVersion = () => Promise.resolve(${JSON.stringify(version)});`;
      },
    },
    {
      id: /node-llama-cpp[\\/]dist[\\/]bindings[\\/]utils[\\/]binariesGithubRelease\.js$/,
      async source() {
        const { release } = await readJson(path.join('llama', 'binariesGithubRelease.json'), releaseFile);
        return [
          `export const builtinLlamaCppRelease = ${JSON.stringify(release)};`,
          'export const defaultLlamaCppRelease = builtinLlamaCppRelease;',
          'export const getBinariesGithubRelease = () => Promise.resolve(builtinLlamaCppRelease);',
        ].join('\n');
      },
    },
  ];
  const unused = new Set(written);
  return {
    name: 'bundled-llama',
    async load(id) {
      const found = written.find((each) => each.id.test(id));
      if (found === undefined) return null;
      unused.delete(found);
      return found.source();
    },
    buildEnd(error) {
      if (error !== undefined || unused.size === 0) return;
      this.error(`node-llama-cpp has changed: no module is ${[...unused].map(({ id }) => id.source).join(', ')}`);
    },
  };
}
