import type { AnsweredRow } from '#contract/evaluation.ts';
import { exitCode } from '../failure.ts';
import { numberValue, textValue, type Invocation } from '../invocation.ts';
import { findModel, modelTag } from '../model-reference.ts';
import { printResult } from '../output.ts';
import { oneLine, truncate } from '../terminal/text.ts';
import { counted, signed } from '../terminal/units.ts';
import { outStyle, type ViewStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

const defaultLimit = 10;
const orders = { worst: 'worst-first', best: 'best-first', file: 'as-in-file' } as const;

function rowLines(row: AnsweredRow, { palette, width }: ViewStyle): string[] {
  const change = `${signed(row.change, 0)} points`;
  const painted = row.change < 0 ? palette.bad(change) : row.change > 0 ? palette.good(change) : palette.faint(change);
  const texts: (readonly [string, string])[] = [
    ['asked', row.prompt],
    ['wanted', row.expected],
    [`base  ${row.base.points.toFixed(0).padStart(3)}`, row.base.answer],
    [`tuned ${row.tuned.points.toFixed(0).padStart(3)}`, row.tuned.answer],
  ];
  const room = Math.max(20, width - 14);
  return [
    painted,
    ...texts.map(([name, text]) => `  ${palette.faint(name.padEnd(10))}  ${truncate(oneLine(text), room)}`),
    '',
  ];
}

/** `forge runs answers`: what base and tuned model said to the rows kept aside, and what each answer got. */
export async function showAnswers(invocation: Invocation): Promise<number> {
  const limit = numberValue(invocation, 'limit') ?? defaultLimit;
  const offset = numberValue(invocation, 'offset') ?? 0;
  const order = orders[(textValue(invocation, 'order') ?? 'worst') as keyof typeof orders];
  const { model, page } = await withEngine(invocation, async ({ client }) => {
    const found = await findModel(client, invocation.words[0] ?? '');
    const id = `${found.name}-v${found.version}`;
    return { model: modelTag(found), page: await client.mainJobs.answers({ id, order, offset, limit }) };
  });
  printResult(invocation, { model, ...page }, () => {
    const style = outStyle(invocation.terminal);
    if (page.total === 0) return [`${model} was not measured: it has no answers.`];
    const shown = `${offset + 1} to ${offset + page.rows.length} of ${counted(page.total, 'row')}`;
    const head = page.rows.length === 0 ? `${model} has ${counted(page.total, 'row')}.` : `${model}, ${shown}`;
    return [head, '', ...page.rows.flatMap((row) => rowLines(row, style))];
  });
  return exitCode.done;
}
