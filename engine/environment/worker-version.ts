import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Digest of the worker's source files: an update of the worker repeats the training probe, nothing else. About 10 ms. */
export function workerVersion(appDirectory: string): string {
  const root = path.join(appDirectory, 'python-env', 'forge_worker');
  const hash = createHash('sha256');
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (file.endsWith('.py')) hash.update(file).update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
