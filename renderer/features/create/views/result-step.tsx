import { useEffect } from 'react';
import { useStoreOf } from '../../../connection/use-store.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { verdictParts } from '../training-progress.ts';
import { createTrainingStore } from '../training-store.ts';
import { useTrainWords } from '../train-words.ts';
import { useSpeaker } from '../../../words/speaker.ts';
import styles from './result-step.module.css';
import { Answers, ResultFigures, Verdict } from './result-view.tsx';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';

/** Is it better, by how much, and how does one know. */
export function ResultStep({ draft, saving, onGo }: StepProps) {
  const words = useTrainWords();
  const { say } = useSpeaker();
  const result = useStoreOf(createTrainingStore, ({ view }) => view?.result ?? null);
  const answers = useStoreOf(createTrainingStore, (state) => state.answers);
  const order = useStoreOf(createTrainingStore, (state) => state.order);
  const loadAnswers = useStoreOf(createTrainingStore, (state) => state.loadAnswers);
  const id = draft.mainJob;
  const isMeasured = result?.tunedScore != null;
  useEffect(() => {
    if (id !== null && isMeasured) void loadAnswers(id, 'worst-first');
  }, [id, isMeasured, loadAnswers]);
  return (
    <StepFrame
      isWide
      title={
        result === null ? (
          words('resultTitle')
        ) : (
          <span className={styles['verdict']}>{verdictParts(say(result.verdict)).head}</span>
        )
      }
      consequence={result === null ? undefined : <ResultFigures result={result} />}
      saving={saving}
      onBack={() => onGo('train')}
      primary={result === null ? null : { label: words('toServe'), onGo: () => onGo('serve') }}
    >
      {result === null && <Skeleton lines={4} height={2} />}
      {result !== null && <Verdict result={result} />}
      {result !== null && id !== null && isMeasured && (
        <Answers
          answers={answers}
          order={order}
          onOrder={(next) => void loadAnswers(id, next)}
          onRetry={() => void loadAnswers(id, order)}
        />
      )}
    </StepFrame>
  );
}
