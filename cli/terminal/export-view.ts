import type { ModelCheck, ModelExport, ParityGate } from '#contract/exports.ts';
import { table } from './table.ts';
import { wrap } from './text.ts';
import { bytes, signed } from './units.ts';
import type { ViewStyle } from './view-style.ts';

/** The gates of a file as a table: what was looked at, measured, needed, and how it came out; then what to do about those that failed. */
export function gateTable(gates: readonly ParityGate[], style: ViewStyle): string[] {
  const { palette, glyphs } = style;
  const columns = [{ title: 'check' }, { title: 'measured', flexible: true }, { title: 'needed' }, { title: '' }];
  const rows = gates.map(({ name, measured, needed, passed }) => [
    name,
    measured,
    needed,
    passed ? palette.good(`${glyphs.done} passed`) : palette.bad(`${glyphs.failed} failed`),
  ]);
  const remedies = new Set(gates.flatMap(({ remedy }) => remedy ?? []));
  return [...table(columns, rows, style), ...[...remedies].flatMap((remedy) => ['', ...wrap(remedy, style.width)])];
}

/** A check: the verdict in one sentence, the table, the file. */
export function checkLines(check: ModelCheck, style: ViewStyle): string[] {
  const { palette } = style;
  const sentence = wrap(check.verdict, style.width).map((line) =>
    check.passed ? palette.good(line) : palette.bad(line),
  );
  const other = check.isMeasured
    ? []
    : ['', ...wrap(`This is not the file that was scored and is served: its figures are its own.`, style.width)];
  return [
    ...sentence,
    '',
    ...gateTable(check.gates, style),
    ...other,
    '',
    palette.faint(check.path),
    ...(check.sha256 === null ? [] : [palette.faint(`sha256 ${check.sha256}`)]),
  ];
}

/** What was written and where; for a file other than the measured one what it is worth. `score`: points of the measured file. */
export function exportLines(done: ModelExport, score: number | null, style: ViewStyle): string[] {
  const type = done.quantisation === null ? '' : `, ${done.quantisation}`;
  const what = { gguf: done.model, adapter: `The adapter of ${done.model}`, merged: `${done.model}, merged,` }[
    done.format
  ];
  const digests =
    done.sha256 === null
      ? done.files.map(({ path, sizeBytes, sha256 }) => `  sha256 ${sha256}  ${path} (${bytes(sizeBytes)})`)
      : [`sha256 ${done.sha256}`];
  return [
    `${what} is in ${done.path} (${bytes(done.sizeBytes)}${type}).`,
    ...digests,
    ...otherLines(done, score, style),
  ];
}

function otherLines({ format, isMeasured, check }: ModelExport, score: number | null, style: ViewStyle): string[] {
  if (isMeasured) return [];
  const points = score === null ? 'what was measured of the model' : `its score of ${score.toFixed(1)} points`;
  const remark = `This is not the file that was scored and is served: ${points} holds for that one alone.`;
  if (format !== 'gguf' || check === null) return ['', ...wrap(remark, style.width)];
  const change = `Its loss differs from the unquantised file by ${signed(check.lossChange * 100, 1)} %; `;
  const outcome = check.passed
    ? 'every check is passed:'
    : 'it FAILS a check and was written because you asked for it:';
  return ['', ...wrap(`${remark} ${change}${outcome}`, style.width), '', ...gateTable(check.gates, style)];
}
