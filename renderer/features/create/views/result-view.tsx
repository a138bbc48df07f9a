import Check from 'lucide-react/icons/check';
import X from 'lucide-react/icons/x';
import type { MainJobResult, ParityReport } from '#contract/main-job.ts';
import { DotPlot } from '../../../ui/dot-plot.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Term } from '../../../ui/term.tsx';
import { formatDuration, formatFigure, formatNumber, formatShare } from '../../../words/format.ts';
import { useTrainWords } from '../train-words.ts';
import { gateNames, tunedEstimate, verdictParts, type GateName } from '../training-progress.ts';
import type { AnswerOrder, TrainingState } from '../training-store.ts';
import { AnswerList } from './answer-list.tsx';
import { Said } from '../../../words/said.tsx';
import { useSpeaker } from '../../../words/speaker.ts';
import styles from './result-step.module.css';

/** The largest type of the product, and under it what it rests on. */
export function Verdict({ result }: { readonly result: MainJobResult }) {
  const words = useTrainWords();
  const { baseScore, tunedScore, interval, rows } = result;
  const { rest } = verdictParts(useSpeaker().say(result.verdict));
  if (baseScore === null || tunedScore === null) return <p className={styles['under']}>{words('notMeasured')}</p>;
  const low = interval === null ? '' : formatNumber(interval[0]);
  const high = interval === null ? '' : formatNumber(interval[1]);
  return (
    <>
      <div className={styles['under']}>
        {rest !== '' && <p className={styles['rest']}>{sentenceOf(rest)}</p>}
        <p>{words('measuredOn', { count: rows.heldOut, groups: rows.heldOutGroups })}</p>
        <p>
          {interval === null ? words('noInterval') : words('intervalText', { low, high })} (
          <Term id="interval">{words('intervalTerm')}</Term>)
        </p>
        <p>{words('cannotTell')}</p>
      </div>
      <DotPlot
        label={words('scale')}
        unit=""
        minimum={0}
        maximum={100}
        base={{ value: baseScore }}
        tuned={tunedEstimate(baseScore, tunedScore, interval)}
        baseLabel={words('baseAnswer')}
        tunedLabel={words('tunedAnswer')}
      />
    </>
  );
}

/** The rest of a sentence, standing for itself. */
function sentenceOf(rest: string): string {
  return `${rest.charAt(0).toUpperCase()}${rest.slice(1)}`.replace('->', '→');
}

const orders = ['worst-first', 'best-first', 'as-in-file'] as const satisfies readonly AnswerOrder[];

export interface AnswersProps {
  readonly answers: TrainingState['answers'];
  readonly order: AnswerOrder;
  readonly onOrder: (order: AnswerOrder) => void;
  readonly onRetry: () => void;
}

/** Ten rows as both answered them, with what differs from the wished answer marked. */
export function Answers({ answers, order, onOrder, onRetry }: AnswersProps) {
  const words = useTrainWords();
  const { value, failure } = answers;
  return (
    <Section
      title={words('answers')}
      hint={
        value === null
          ? words('marked')
          : `${words('showing', { shown: value.rows.length, total: value.total })}. ${words('marked')}`
      }
      actions={
        <Select
          label={words('order')}
          value={order}
          onChange={onOrder}
          options={orders.map((one) => ({ value: one, label: words(`order_${one}`) }))}
        />
      }
    >
      {failure !== null && <ErrorNotice failure={failure} onRetry={onRetry} />}
      {value === null && failure === null && <Skeleton lines={4} height={6} />}
      {value !== null && <AnswerList rows={value.rows} />}
    </Section>
  );
}

/** The proof that the served file is the trained model, and the figures of the training. */
export function ResultFigures({ result }: { readonly result: MainJobResult }) {
  const words = useTrainWords();
  return (
    <aside className={styles['aside']} aria-label={words('figures')}>
      {result.parity !== null && (
        <>
          <h3>
            <Term id="parity">{words('gates')}</Term>
          </h3>
          <div className={styles['gates']}>
            {gateNames.map((name) => (
              <Gate key={name} name={name} parity={result.parity as ParityReport} />
            ))}
          </div>
        </>
      )}
      <h3>{words('figures')}</h3>
      <p>
        {words('trainTime')}: {formatDuration(result.trainSeconds)}, {formatNumber(result.tokensPerSecond)}{' '}
        <Term id="tokens-per-second" />
      </p>
      <p className={styles['small']}>
        {words('stopReason')}: <Said text={result.stopReason} />
      </p>
      {result.quantisation !== null && (
        <p className={styles['small']}>
          {words('file')}: {result.quantisation}
        </p>
      )}
    </aside>
  );
}

function Gate({ name, parity }: { readonly name: GateName; readonly parity: ParityReport }) {
  const words = useTrainWords();
  const { passed } = parity[name];
  const Sign = passed ? Check : X;
  return (
    <div className={styles['gate']}>
      <Sign
        size={14}
        role="img"
        aria-label={words(passed ? 'passed' : 'notPassed')}
        className={styles[passed ? 'good' : 'bad']}
      />
      <span>{words(`gate_${name}`)}</span>
      <span className={styles['figure']}>{gateFigure(name, parity, words)}</span>
    </div>
  );
}

function gateFigure(name: GateName, parity: ParityReport, words: ReturnType<typeof useTrainWords>): string {
  if (name === 'logits') return formatShare(parity.logits.argmaxAgreement, 1);
  if (name === 'loss')
    return words('lossChange', {
      reference: formatFigure(parity.loss.reference),
      served: formatFigure(parity.loss.served),
    });
  const { equal, of } = parity[name];
  return words('ofCount', { equal, of });
}
