import { oneLine, wrap } from './text.ts';
import { table } from './table.ts';
import type { ViewStyle } from './view-style.ts';

interface PlanPreview {
  readonly lines: readonly string[];
  readonly recipe: Readonly<Record<string, unknown>>;
  readonly reasons: Readonly<Record<string, string>>;
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return oneLine(value);
  return JSON.stringify(value) ?? '';
}

/** What a training would do: the plan's sentences, then each setting with its value and reason. */
export function planView(plan: PlanPreview, style: ViewStyle): string[] {
  const sentences = plan.lines.flatMap((line) => wrap(oneLine(line), style.width));
  const rows = Object.entries(plan.recipe).map(([name, value]) => [
    name,
    valueText(value),
    oneLine(plan.reasons[name] ?? ''),
  ]);
  const columns = [{ title: 'setting' }, { title: 'value' }, { title: 'reason', flexible: true }];
  return [
    ...sentences,
    '',
    ...table(columns, rows, style),
    '',
    style.palette.faint('Nothing was written (--dry-run).'),
  ];
}
