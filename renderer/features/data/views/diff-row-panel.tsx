import { useMemo } from 'react';
import type { RowChange } from '#contract/dataset-diffs.ts';
import { Badge } from '../../../ui/badge.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { answerDiff } from '../../compare/answer-diff.ts';
import { DiffParts } from '../../compare/views/diff-parts.tsx';
import { useDatasetsWords } from '../datasets-words.ts';
import type { DiffState, RowForms } from '../diff-store.ts';
import { partPairs, type PartPair } from '../row-parts.ts';
import { sideWord } from './diff-columns.tsx';
import styles from './diff.module.css';
import { RowTexts } from './row-texts.tsx';

interface DiffRowPanelProps {
  readonly selected: RowChange;
  readonly forms: DiffState['forms'];
  readonly onRetry: () => void;
}

/** One row: word by word what was edited, or whole where it is in one version only. */
export function DiffRowPanel({ selected, forms, onRetry }: DiffRowPanelProps) {
  const words = useDatasetsWords();
  if (forms.value === null) {
    if (forms.failure === null) return <Skeleton lines={6} height={2} />;
    return <ErrorNotice failure={forms.failure} onRetry={onRetry} />;
  }
  const isMoved = selected.change !== 'added' && selected.change !== 'removed' && selected.from !== selected.to;
  return (
    <div className={styles['rowPanel']}>
      {isMoved && (
        <p className={styles['muted']}>
          {sideWord(selected.from, words)} → {sideWord(selected.to, words)}
        </p>
      )}
      <Forms forms={forms.value} />
    </div>
  );
}

function Forms({ forms: { before, after } }: { readonly forms: RowForms }) {
  if (before !== null && after !== null && before.id !== after.id)
    return partPairs(before, after).map((pair, index) => <Part key={index} pair={pair} />);
  const only = after ?? before;
  return only === null ? null : <RowTexts row={only} />;
}

function Part({ pair: { word, before, after } }: { readonly pair: PartPair }) {
  const words = useDatasetsWords();
  const diff = useMemo(() => answerDiff(before ?? '', after ?? ''), [before, after]);
  const isSame = before === after;
  return (
    <section className={styles['part']}>
      <h3>
        {words(word)}
        {isSame && <span className={styles['muted']}>{words('diffSamePart')}</span>}
        {before === null && <Badge tone="good">{words('diffOnlyAfter')}</Badge>}
        {after === null && <Badge tone="bad">{words('diffOnlyBefore')}</Badge>}
      </h3>
      {!isSame && diff.by !== 'words' && (
        <p className={styles['muted']}>{words(diff.by === 'lines' ? 'diffByLines' : 'diffByWhole')}</p>
      )}
      <div dir="auto" className={styles['partText']} data-same={isSame || undefined}>
        <DiffParts parts={diff.parts} />
      </div>
    </section>
  );
}
