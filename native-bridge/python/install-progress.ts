const unitBytes: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

export interface InstallProgress {
  readonly text: string;
  /** 0..1 of the installing, null before anything is known. */
  readonly fraction: number | null;
  readonly downloadedBytes: number;
}

/**
 * Reads what uv prints when it has no terminal (0.8 to 0.13): `Downloading numpy (16.1MiB)`, ` Downloaded numpy`,
 * `Prepared 2 packages in 649ms`, `Installed 2 packages in 34ms`. Lines that are not known change nothing. Downloads are nine tenths of
 * the bar; their fraction is by size, against the announced or the expected total, whichever is larger.
 */
export function createInstallProgress(expectedBytes: number): (line: string) => InstallProgress | null {
  const announced = new Map<string, number>();
  let downloadedBytes = 0;
  return (line) => {
    const start = /^\s*Downloading (\S+) \(([\d.]+)\s?(B|KiB|MiB|GiB)\)/.exec(line);
    if (start) {
      const [, name = '', amount = '0', unit = 'B'] = start;
      announced.set(name, Math.round(Number(amount) * (unitBytes[unit] ?? 1)));
      return { text: `downloading ${name} (${amount} ${unit})`, fraction: fractionNow(), downloadedBytes };
    }
    const end = /^\s*Downloaded (\S+)/.exec(line);
    if (end) {
      downloadedBytes += announced.get(end[1] ?? '') ?? 0;
      return { text: `downloaded ${end[1]}`, fraction: fractionNow(), downloadedBytes };
    }
    if (/^Prepared \d+ package/.test(line)) return { text: 'unpacking and linking', fraction: 0.9, downloadedBytes };
    if (/^Installed \d+ package/.test(line)) return { text: line.trim().toLowerCase(), fraction: 1, downloadedBytes };
    return null;
  };

  function fractionNow(): number {
    const total = Math.max(
      expectedBytes,
      [...announced.values()].reduce((sum, bytes) => sum + bytes, 0),
    );
    return total === 0 ? 0 : 0.9 * Math.min(1, downloadedBytes / total);
  }
}
