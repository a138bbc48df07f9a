/** One pinned package of a hashed requirements file. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Environment marker after `;`, or ''. */
  readonly marker: string;
  /** The lines of this package as they stand in the file. */
  readonly text: string;
}

const head = /^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)\s*(?:;\s*([^\\]*?))?\s*\\?$/;

/**
 * Reads a lock made by `uv pip compile --generate-hashes`: entries `name==version [; marker] \` followed by indented
 * `--hash=` lines. Throws on any other line, because a lock Forge ships that cannot be read is a bug.
 */
export function parseLock(text: string): readonly LockedPackage[] {
  const packages: LockedPackage[] = [];
  let lines: string[] = [];
  const close = (): void => {
    const first = lines[0];
    if (first === undefined) return;
    const match = head.exec(first);
    if (match === null) throw new Error(`unreadable line in a package lock: ${first}`);
    if (!lines.some((line) => line.includes('--hash=sha256:')))
      throw new Error(`no digest in a package lock: ${first}`);
    packages.push({ name: match[1] ?? '', version: match[2] ?? '', marker: match[3] ?? '', text: lines.join('\n') });
    lines = [];
  };
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (!/^\s/.test(line)) close();
    lines.push(line.trimEnd());
  }
  close();
  return packages;
}

/** Packages that only the CUDA build of torch asks for on Linux; a build from torch's own index brings or needs none of the list. */
export function isTorchFamily(name: string): boolean {
  return name === 'torch' || name === 'triton' || name.startsWith('nvidia-') || name.startsWith('cuda-');
}

/** The lock without the packages `leaveOut` names, as a requirements file again. */
export function requirementsWithout(packages: readonly LockedPackage[], leaveOut: (name: string) => boolean): string {
  return `${packages
    .filter(({ name }) => !leaveOut(name))
    .map(({ text }) => text.replace(/\s*\\$/, ''))
    .join('\n')}\n`;
}

/** The pinned version of a package, or null. */
export function lockedVersion(packages: readonly LockedPackage[], name: string): string | null {
  return packages.find((entry) => entry.name === name)?.version ?? null;
}
