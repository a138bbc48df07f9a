import { useMemo, useState } from 'react';
import { Section } from '../../../ui/page.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { formatNumber } from '../../../words/format.ts';
import { chosenAnswers, sampleThreads, type SampleThread } from '../run-figures.ts';
import type { Sample } from '../run-recorder.ts';
import { useRunsWords } from '../runs-words.ts';
import classes from './run.module.css';

const mostColumns = 12;
const mostPrompts = 6;

/** The same prompts asked again as it learns: one sees it come. Answers are text, whatever is in them. */
export function RunSamples({ samples }: { readonly samples: readonly Sample[] }) {
  const words = useRunsWords();
  const threads = useMemo(() => sampleThreads(samples), [samples]);
  const [chosen, setChosen] = useState('0');
  const thread = threads.find(({ promptIndex }) => String(promptIndex) === chosen) ?? threads[0];
  const choice = threads.length > 1 && (
    <Segmented
      label={words('samples')}
      value={String(thread?.promptIndex ?? 0)}
      onChange={setChosen}
      options={threads.slice(0, mostPrompts).map(({ promptIndex }) => ({
        value: String(promptIndex),
        label: words('samplePrompt', { number: promptIndex + 1 }),
      }))}
    />
  );
  return (
    <Section title={words('samples')} hint={words('samplesHint')} actions={choice === false ? undefined : choice}>
      {thread === undefined ? <p className={classes['nothing']}>{words('samplesNone')}</p> : <Thread thread={thread} />}
    </Section>
  );
}

function Thread({ thread }: { readonly thread: SampleThread }) {
  const words = useRunsWords();
  const answers = chosenAnswers(thread.answers, mostColumns);
  return (
    <div className={classes['thread']}>
      <p className={classes['prompt']}>{thread.prompt}</p>
      <div className={classes['answers']} tabIndex={0} role="region" aria-label={words('answersOver')}>
        {answers.map(({ step, answer }) => (
          <Answer
            key={step}
            title={words('sampleAt', { step: formatNumber(step) })}
            text={answer}
            wished={thread.expected}
          />
        ))}
        {thread.expected !== null && <Answer title={words('sampleExpected')} text={thread.expected} wished={null} />}
      </div>
    </div>
  );
}

interface AnswerProps {
  readonly title: string;
  readonly text: string;
  readonly wished: string | null;
}

function Answer({ title, text, wished }: AnswerProps) {
  const words = useRunsWords();
  const isRight = wished !== null && wished.trim() === text.trim();
  return (
    <div className={classes['answer']} data-right={isRight} data-wished={wished === null}>
      <h3>
        {title}
        {isRight && <span className={classes['right']}>{words('sampleRight')}</span>}
      </h3>
      <p>{text === '' ? words('sampleEmpty') : text}</p>
    </div>
  );
}
