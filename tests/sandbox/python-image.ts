// An image of Python for Podman, made of this machine's own interpreter: no image is fetched for it, and the person's own images stay as they are.
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createContainerSandbox } from '#native-bridge/sandbox/container-sandbox.ts';
import { findProgram } from '#native-bridge/sandbox/find-program.ts';
import { fetchTool, firstLine, onceInCache, testCache } from './test-cache.ts';

const python = '/usr/bin/python3';
/** Of the library, what a script never needs. */
const unneeded = /^(test|idlelib|ensurepip|lib2to3|tkinter|turtledemo|config-.*|__pycache__)$/;

/** The shared libraries of some programs, as the loader finds them. */
async function librariesOf(files: readonly string[]): Promise<string[]> {
  const { stdout } = await fetchTool('ldd', files);
  return [...new Set([...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, file]) => file ?? ''))];
}

async function copyPython(root: string): Promise<void> {
  const answer = await fetchTool(python, ['-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))']);
  const library = answer.stdout.trim();
  const native = path.join(library, 'lib-dynload');
  const modules = (await readdir(native)).map((name) => path.join(native, name));
  for (const from of [python, library, ...(await librariesOf([python, ...modules]))]) {
    await mkdir(path.join(root, path.dirname(from)), { recursive: true });
    const filter = (one: string): boolean => !unneeded.test(path.basename(one));
    await cp(from, path.join(root, from), { recursive: true, dereference: true, filter });
  }
}

async function packImage(): Promise<string> {
  const folder = await onceInCache('python-image', async (incoming) => {
    const root = path.join(incoming, 'root');
    await copyPython(root);
    await fetchTool('tar', ['-C', root, '-cf', path.join(incoming, 'image.tar'), '.']);
    await rm(root, { recursive: true });
  });
  return path.join(folder, 'image.tar');
}

/** A runtime that takes the control groups of machines within machines, which others refuse; from the system's own packages, not installed. */
async function fetchRuntime(): Promise<string> {
  const installed = findProgram(['runc'], process.env);
  if (installed !== null) return installed;
  const folder = await onceInCache('runc', async (cwd) => {
    await fetchTool('apt-get', ['download', 'runc'], { cwd });
    const archive = (await readdir(cwd)).find((name) => name.endsWith('.deb')) ?? '';
    await fetchTool('dpkg-deb', ['-x', archive, '.'], { cwd });
  });
  return path.join(folder, 'usr', 'sbin', 'runc');
}

const settings = path.join(testCache, 'containers');

/** A Podman with a store of its own. */
async function ownStore(podman: string): Promise<NodeJS.ProcessEnv> {
  await mkdir(settings, { recursive: true });
  const places = ['graphroot', 'runroot'].map((name) => `${name} = ${JSON.stringify(path.join(settings, name))}\n`);
  const file = path.join(settings, 'storage.conf');
  await writeFile(file, `[storage]\ndriver = "overlay"\n${places.join('')}`);
  const env = { ...process.env, CONTAINERS_STORAGE_CONF: file } as Record<string, string>;
  const { stdout } = await fetchTool(podman, ['images', '--quiet', 'forge-sandbox:tests'], { env });
  if (stdout.trim() === '') await fetchTool(podman, ['import', await packImage(), 'forge-sandbox:tests'], { env });
  return { CONTAINERS_STORAGE_CONF: file };
}

async function otherRuntime(): Promise<NodeJS.ProcessEnv> {
  const file = path.join(settings, 'containers.conf');
  const runtime = JSON.stringify(await fetchRuntime());
  await writeFile(
    file,
    `[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\n[engine.runtimes]\nrunc = [${runtime}]\n`,
  );
  return { CONTAINERS_CONF: file };
}

/** The settings of a Podman that runs an image of Python; none where the person's own serves, or nothing can be made to. */
export async function containerEnvironment(environment: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const podman = findProgram(['podman'], environment);
  if (podman === null || process.platform !== 'linux') return {};
  const isFit = async (own: NodeJS.ProcessEnv): Promise<boolean> =>
    (await createContainerSandbox({ ...environment, ...own }).probe()).isFit;
  try {
    if (await isFit({})) return {};
    const store = await ownStore(podman);
    return (await isFit(store)) ? store : { ...store, ...(await otherRuntime()) };
  } catch (error) {
    process.stderr.write(`Podman could not be given an image of Python: ${firstLine(error)}\n`);
    return {};
  }
}
