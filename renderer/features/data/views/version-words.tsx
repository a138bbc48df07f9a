import type { DatasetVersion } from '#contract/dataset-versions.ts';
import { rowKinds } from '#contract/rows.ts';
import { formatNumber } from '../../../words/format.ts';
import { versionId } from '../dataset-rows.ts';
import { useDatasetsWords } from '../datasets-words.ts';

/** "questions with answers", or each kind with its number where there are several. */
export function KindWords({ kinds }: { readonly kinds: DatasetVersion['kinds'] }) {
  const words = useDatasetsWords();
  const present = rowKinds.filter((kind) => (kinds[kind] ?? 0) > 0);
  const [only] = present;
  if (only === undefined) return '–';
  if (present.length === 1) return words(`kind_${only}`);
  return present.map((kind) => `${formatNumber(kinds[kind] ?? 0)} ${words(`kind_${kind}`)}`).join(', ');
}

/** Where the rows come from: files, or the version they were made of. */
export function OriginWords({ version }: { readonly version: DatasetVersion }) {
  const words = useDatasetsWords();
  const { parent, sources, recipe } = version;
  if (parent !== null) {
    const id = versionId(parent);
    return recipe.steps.length === 0
      ? words('madeOf', { id })
      : words('madeBySteps', { id, count: recipe.steps.length });
  }
  const [first] = sources;
  if (first === undefined) return '–';
  return sources.length === 1 ? first.uri : words('andOthers', { name: first.uri, count: sources.length - 1 });
}
