import type { ChangeKind, RowChange } from '#contract/dataset-diffs.ts';
import { formatNumber } from '../../../words/format.ts';
import type { useDatasetsWords } from '../datasets-words.ts';
import type { PagedColumn } from './paged-table.tsx';

type Columns = readonly PagedColumn<RowChange>[];
type DatasetsWords = ReturnType<typeof useDatasetsWords>;

/** The row as it is, or as it was where it is gone. */
export function shownForm({ before, after }: RowChange): NonNullable<RowChange['after']> | null {
  return after ?? before;
}

/** Columns of the table of one kind of change. */
export function diffColumns(change: ChangeKind, words: DatasetsWords): Columns {
  const number: Columns[number] = {
    id: 'place',
    header: words('number'),
    width: '5rem',
    align: 'end',
    cell: (row) => formatNumber((shownForm(row)?.place ?? 0) + 1),
  };
  const prompt: Columns[number] = {
    id: 'prompt',
    header: words('prompt'),
    width: 'minmax(11rem, 1.2fr)',
    cell: (row) => shownForm(row)?.prompt,
  };
  return [number, prompt, ...ownColumns(change, words), sourceColumn(words)];
}

function ownColumns(change: ChangeKind, words: DatasetsWords): Columns {
  const answer = (id: string, header: string, cell: (row: RowChange) => string | undefined): Columns[number] => ({
    ...{ id, header, cell },
    width: 'minmax(10rem, 1.2fr)',
  });
  if (change === 'changed')
    return [
      answer('was', words('diffWas'), ({ before }) => before?.answer),
      answer('is', words('diffIs'), ({ after }) => after?.answer),
    ];
  const own = answer('answer', words('answer'), (row) => shownForm(row)?.answer);
  if (change !== 'moved') return [own];
  const side = (id: 'from' | 'to', header: string): Columns[number] => ({
    ...{ id, header },
    width: '11rem',
    cell: (row) => sideWord(row[id], words),
  });
  return [own, side('from', words('diffFrom')), side('to', words('diffTo'))];
}

function sourceColumn(words: DatasetsWords): Columns[number] {
  return {
    id: 'source',
    header: words('source'),
    width: 'minmax(7rem, 0.6fr)',
    cell(row) {
      const form = shownForm(row);
      return form === null ? '' : form.line === null ? form.source : `${form.source}:${form.line}`;
    },
  };
}

export function sideWord(side: RowChange['from'], words: DatasetsWords): string {
  return side === null ? words('diffNoSide') : words(`side_${side}`);
}
