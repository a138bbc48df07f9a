import { mkdir, readFile, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import { scriptName, type KeptScript } from '#contract/scripts.ts';
import { writeFileAtomic } from '#native-bridge/files/write-file-atomic.ts';
import { namesIn } from '#native-bridge/files/names-in.ts';
import { digestOf } from './transform-rows.ts';

/** Scripts that ran over whole versions or that steps name: `FORGE_HOME/scripts/<name>/<digest>.py`. Recipes of versions name them by their digest. */
export interface KeptScripts {
  keep(script: string, source: string): Promise<KeptScript>;
  /** The one that was kept last under a name; null when none was. */
  newest(script: string): Promise<{ readonly kept: KeptScript; readonly source: string } | null>;
  /** Newest first, one for each name. */
  list(): Promise<KeptScript[]>;
  /** @throws ForgeError script.unknown */
  read(script: string): Promise<string>;
  /** The very script that a step names. @throws ForgeError script.step-gone */
  sourceOf(step: Pick<KeptScript, 'script' | 'digest'>): Promise<string>;
}

async function keptIn(folder: string, script: string): Promise<KeptScript[]> {
  const names = (await namesIn(path.join(folder, script))).filter((name) => /^[0-9a-f]{64}\.py$/.test(name));
  return Promise.all(
    names.map(async (name) => {
      const { mtimeMs, size } = await stat(path.join(folder, script, name));
      return { script, digest: name.slice(0, 64), ranAt: mtimeMs, sizeBytes: size };
    }),
  );
}

export function createKeptScripts(folder: string): KeptScripts {
  const fileOf = ({ script, digest }: Pick<KeptScript, 'script' | 'digest'>): string =>
    path.join(folder, script, `${digest}.py`);
  const newestOf = async (script: string): Promise<KeptScript | undefined> =>
    (await keptIn(folder, script)).toSorted((a, b) => b.ranAt - a.ranAt)[0];
  const kept: KeptScripts = {
    async keep(script, source) {
      const digest = digestOf(source);
      const file = fileOf({ script, digest });
      await mkdir(path.dirname(file), { recursive: true });
      await writeFileAtomic(file, source);
      const now = new Date();
      await utimes(file, now, now);
      return { script, digest, ranAt: now.getTime(), sizeBytes: Buffer.byteLength(source) };
    },
    async newest(script) {
      const found = await newestOf(script);
      return found === undefined ? null : { kept: found, source: await readFile(fileOf(found), 'utf8') };
    },
    async list() {
      const newest = await Promise.all((await namesIn(folder)).map(newestOf));
      return newest.filter((one) => one !== undefined).toSorted((a, b) => b.ranAt - a.ranAt);
    },
    async read(script) {
      const found = await kept.newest(script);
      if (found === null) throw new ForgeError('script.unknown', { script });
      return found.source;
    },
    async sourceOf({ script, digest }) {
      const gone = (cause?: unknown): ForgeError =>
        new ForgeError('script.step-gone', { script, digest: digest.slice(0, 12) }, { cause });
      // A step comes from a file or a client: its name is no path before it was looked at.
      if (!scriptName.safeParse(script).success) throw gone();
      const source = await readFile(fileOf({ script, digest }), 'utf8').catch((error: unknown) => {
        throw gone(error);
      });
      if (digestOf(source) !== digest) throw gone();
      return source;
    },
  };
  return kept;
}
