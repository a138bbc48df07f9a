import ChevronLeft from 'lucide-react/icons/chevron-left';
import ChevronRight from 'lucide-react/icons/chevron-right';
import type { PreviewRow, ShownPiece, ShownRow } from '#contract/dataset-preview.ts';
import type { RowMessage } from '#contract/datasets.ts';
import { Badge } from '../../../ui/badge.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { classes } from '../../../ui/classes.ts';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { formatNumber } from '../../../words/format.ts';
import { useDataWords } from '../data-words.ts';
import type { Loaded } from '../loaded.ts';
import { Said } from '../../../words/said.tsx';
import styles from './row-preview.module.css';

export type RowMode = 'chat' | 'model';

export interface RowPreviewProps {
  /** Null while it is being read. */
  readonly row: PreviewRow | null;
  /** From 0. */
  readonly index: number;
  readonly total: number;
  readonly mode: RowMode;
  readonly shown: Loaded<ShownRow>;
  readonly onMode: (mode: RowMode) => void;
  readonly onIndex: (index: number) => void;
  readonly onRetry: () => void;
}

/** One row at a time, as a conversation or exactly as the model will see it. */
export function RowPreview(props: RowPreviewProps) {
  const words = useDataWords();
  const { row, index, total, mode, shown, onMode, onIndex, onRetry } = props;
  const place = words('rowNumber', { number: formatNumber(index + 1), all: formatNumber(total) });
  return (
    <Section title={words('rowsTitle')}>
      <div className={styles['tools']}>
        <Segmented
          label={words('view')}
          value={mode}
          onChange={onMode}
          options={[
            { value: 'chat', label: words('asChat') },
            { value: 'model', label: words('asModel') },
          ]}
        />
        {row !== null && <Badge>{words(`side_${row.side}`)}</Badge>}
        <span className={classes(styles['pager'], styles['push'])}>
          <IconButton
            label={words('previousRow')}
            icon={<ChevronLeft />}
            onClick={() => onIndex(Math.max(0, index - 1))}
            disabled={index === 0}
          />
          <span className={styles['small']} role="status">
            {place}
          </span>
          <IconButton
            label={words('nextRow')}
            icon={<ChevronRight />}
            onClick={() => onIndex(index + 1)}
            disabled={index + 1 >= total}
          />
        </span>
      </div>
      <div className={styles['row']} tabIndex={0} role="region" aria-label={place}>
        {row === null && <Skeleton lines={3} height={2.5} />}
        {row !== null && mode === 'chat' && row.row.text !== undefined && <Passage text={row.row.text} />}
        {row !== null && mode === 'chat' && row.row.text === undefined && <Conversation messages={row.row.messages} />}
        {row !== null && mode === 'model' && <AsModel shown={shown} onRetry={onRetry} />}
      </div>
      {mode === 'model' && <Legend shown={shown.value} />}
    </Section>
  );
}

function Passage({ text }: { readonly text: string }) {
  const words = useDataWords();
  return (
    <div className={classes(styles['bubble'], styles['assistant'])}>
      <h4>{words('passage')}</h4>
      <span className={styles['learnedText']}>{text}</span>
    </div>
  );
}

function Conversation({ messages }: { readonly messages: readonly RowMessage[] }) {
  const words = useDataWords();
  return messages.map(({ role, content, weight }, index) => {
    const isLearned = role === 'assistant' && weight !== 0;
    return (
      <div
        key={index}
        className={classes(styles['bubble'], styles[role], role === 'assistant' && !isLearned && styles['notLearned'])}
      >
        <h4>{words(`role_${role}`)}</h4>
        <span className={isLearned ? styles['learnedText'] : undefined}>{content}</span>
      </div>
    );
  });
}

/** The row in the pieces in which a model reads it. */
export function AsModel({ shown, onRetry }: { readonly shown: Loaded<ShownRow>; readonly onRetry: () => void }) {
  if (shown.failure !== null && shown.value === null) return <ErrorNotice failure={shown.failure} onRetry={onRetry} />;
  if (shown.value === null) return <Skeleton lines={5} height={1} />;
  return (
    <p className={styles['pieces']} dir="auto">
      {shown.value.pieces.map((piece, index) => (
        <Piece key={index} piece={piece} />
      ))}
    </p>
  );
}

/** A learned piece is underlined as well as coloured; `mark` tells it to a screen reader that reads such things. */
function Piece({ piece: { text, learned, part, token } }: { readonly piece: ShownPiece }) {
  const className = classes(
    token !== null && styles['piece'],
    part === 'template' && styles['template'],
    learned && styles['learned'],
  );
  const visible = text.replaceAll('\n', '⏎\n');
  const title = token === null ? undefined : String(token);
  return learned ? (
    <ins className={className} title={title}>
      {visible}
    </ins>
  ) : (
    <span className={className} title={title}>
      {visible}
    </span>
  );
}

/** What the colours of `AsModel` mean, with its counts. */
export function Legend({ shown }: { readonly shown: ShownRow | null }) {
  const words = useDataWords();
  if (shown === null) return <p className={styles['small']}>{words('legend')}</p>;
  const { tokens, learnedTokens, exactness, note } = shown;
  return (
    <p className={styles['small']}>
      {words('legend')}{' '}
      {tokens !== null &&
        learnedTokens !== null &&
        words('tokenCount', { learned: formatNumber(learnedTokens), all: formatNumber(tokens) })}
      {exactness === 'text' && words('textOnly')} <Said text={note} />
    </p>
  );
}
