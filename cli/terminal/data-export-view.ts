import type { DataExportReport } from '#contract/data-exports.ts';
import { oneLine } from './text.ts';
import { bytes } from './units.ts';

/** What the format cannot carry, one line each. */
export function lossLines({ format, losses }: DataExportReport): string[] {
  if (losses.length === 0) return [`${format} carries everything these rows hold.`];
  return [`${format} cannot carry everything:`, ...losses.map(({ text }) => `  ${text}`)];
}

/** What was written, or what would be. */
export function dataExportLines(report: DataExportReport): string[] {
  const { name, version, folder, rows, written, files } = report;
  const said = `${name}:v${version}  ${written} of ${rows} rows`;
  if (folder === null) return [said, '', ...lossLines(report)];
  const shown = files.map((file) =>
    [`  ${file.path}`, file.rows === null ? '' : `${file.rows} rows`, bytes(file.sizeBytes)].filter(Boolean).join('  '),
  );
  return [said, oneLine(folder), ...shown];
}
