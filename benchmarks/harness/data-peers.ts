import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from './places.ts';
import { runToSuccess } from './run-process.ts';

/** Of one day, so that a figure can be measured again later. */
const packages = ['datasets==5.2.0', 'pyarrow==26.0.1', 'pandas==3.1.1'];
const timeoutMs = 10 * 60_000;

/** An interpreter with the peers' readers, in the benchmarks' own cache; made once. */
export async function dataPeersPython(say: (line: string) => void): Promise<string> {
  const folder = path.join(cacheFolder, 'data-peers');
  const python = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const isThere = await access(python).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    say(`setting up ${packages.join(', ')} in ${folder}`);
    await mkdir(cacheFolder, { recursive: true });
    await runToSuccess('python3', ['-m', 'venv', folder], { timeoutMs });
  }
  await runToSuccess(python, ['-m', 'pip', 'install', '--quiet', ...packages], { timeoutMs });
  return python;
}
