import { useState } from 'react';
import type { ScriptReport } from '#contract/scripts.ts';
import { Button } from '../../../../ui/button.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { Segmented } from '../../../../ui/segmented.tsx';
import { formatNumber } from '../../../../words/format.ts';
import { useDatasetsWords } from '../../datasets-words.ts';
import { countKinds, exampleKinds, kindOf, type ExampleKind } from '../row-difference.ts';
import { ScriptExampleView } from './script-example.tsx';
import styles from './script.module.css';

interface ScriptTriedProps {
  readonly report: ScriptReport;
  /** The script was changed since. */
  readonly isOld: boolean;
  /** Null: whatever there is to see of. */
  readonly shown: ExampleKind | null;
  readonly onShow: (kind: ExampleKind) => void;
}

const pageSize = 10;

/** The first rows before and after. */
export function ScriptTried({ report, isOld, shown, onShow }: ScriptTriedProps) {
  const words = useDatasetsWords();
  const { tried, printed } = report;
  const counts = countKinds(tried.examples);
  const kind = shown ?? exampleKinds.find((one) => counts[one] > 0) ?? 'changed';
  return (
    <section className={styles['part']}>
      <h2>{words('triedTitle', { rows: formatNumber(tried.seen) })}</h2>
      {isOld && <Notice tone="warn">{words('triedOld')}</Notice>}
      <p className={styles['muted']}>
        {words('triedTwice', { hash: tried.outputSha256.slice(0, 12) })}{' '}
        {tried.restored > 0 && words('restored', { count: tried.restored })}
      </p>
      {printed !== '' && (
        <details className={styles['kinds']}>
          <summary>{words('printedTitle')}</summary>
          <pre className={styles['traceback']} tabIndex={0} role="region" aria-label={words('printedTitle')}>
            {printed}
          </pre>
        </details>
      )}
      <Segmented
        className={styles['choice']}
        label={words('examplesOf')}
        value={kind}
        onChange={onShow}
        options={exampleKinds.map((one) => ({
          value: one,
          label: words(`example_${one}`, { count: formatNumber(counts[one]) }),
        }))}
      />
      <Examples key={`${report.scriptDigest} ${kind}`} report={report} kind={kind} />
    </section>
  );
}

function Examples({ report, kind }: { readonly report: ScriptReport; readonly kind: ExampleKind }) {
  const words = useDatasetsWords();
  const [count, setCount] = useState(pageSize);
  const examples = report.tried.examples.filter((one) => kindOf(one) === kind);
  const more = Math.min(pageSize, examples.length - count);
  if (examples.length === 0) return <p className={styles['muted']}>{words('examplesNone')}</p>;
  return (
    <>
      <ul className={styles['examples']}>
        {examples.slice(0, count).map((example) => (
          <li key={example.place}>
            <ScriptExampleView example={example} />
          </li>
        ))}
      </ul>
      {more > 0 && (
        <Button kind="quiet" className={styles['more']} onClick={() => setCount(count + more)}>
          {words('moreExamples', { count: more })}
        </Button>
      )}
    </>
  );
}
