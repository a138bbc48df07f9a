import type { BaseModelView } from '#contract/base-models.ts';
import { pairs, table } from './table.ts';
import { oneLine } from './text.ts';
import { bytes } from './units.ts';
import type { ViewStyle } from './view-style.ts';

const states: Readonly<Record<BaseModelView['state'], string>> = {
  ready: 'here',
  available: 'to be fetched',
  unknown: 'unknown',
};

/** `135 M`, `7.2 B`. */
function parameterText(parameters: number): string {
  return parameters < 999.5e6 ? `${Math.round(parameters / 1e6)} M` : `${(parameters / 1e9).toFixed(1)} B`;
}

function memoryText(count: number | undefined): string {
  return count === undefined ? '' : bytes(count);
}

function whereText(model: BaseModelView, { palette }: ViewStyle): string {
  const origin = oneLine(model.origin);
  return model.state === 'ready' ? palette.good(`here: ${origin}`) : palette.faint(origin);
}

/** The base models one can train on: what is here first as the engine sorts them, with what training by LoRA needs. */
export function baseModelTable(models: readonly BaseModelView[], style: ViewStyle): string[] {
  const columns = [
    { title: 'base' },
    { title: 'size', align: 'right' as const },
    { title: 'file', align: 'right' as const },
    { title: 'LoRA needs', align: 'right' as const },
    { title: 'licence' },
    { title: 'where', flexible: true },
  ];
  const rows = models.map((model) => [
    model.id,
    model.facts === null ? '' : parameterText(model.facts.parameters),
    model.sizeBytes === null ? '' : bytes(model.sizeBytes),
    memoryText(model.memory?.lora),
    oneLine(model.licence?.name ?? ''),
    whereText(model, style),
  ]);
  return table(columns, rows, style);
}

/** One base model with what is known of it. */
export function baseModelLines(model: BaseModelView, style: ViewStyle): string[] {
  const { facts, memory, licence } = model;
  const known = (name: string, value: string | null | undefined): (readonly [string, string])[] =>
    value == null || value === '' ? [] : [[name, oneLine(value)]];
  return pairs(
    [
      ['base', model.id],
      ['name', oneLine(model.name)],
      ...known('also called', model.aliases.join(', ')),
      ['state', states[model.state]],
      ['where', oneLine(model.origin)],
      ...known('files', model.files?.path),
      ...known('size', model.sizeBytes === null ? null : bytes(model.sizeBytes)),
      ...known('parameters', facts === null ? null : `${parameterText(facts.parameters)} (${facts.family})`),
      ...known('context', facts === null ? null : `${facts.contextLength} tokens`),
      ...known(
        'licence',
        licence === null ? null : `${licence.name}${licence.note === undefined ? '' : `: ${licence.note}`}`,
      ),
      ...known('access', model.gated ? 'the publisher asks for an account and consent' : null),
      ...known(
        'training needs',
        memory === null
          ? null
          : `LoRA ${bytes(memory.lora)}, QLoRA ${bytes(memory.qlora)}, DoRA ${bytes(memory.dora)}, full ${bytes(memory.full)}`,
      ),
      ...known('right for', model.bestUse),
    ],
    style,
  );
}
