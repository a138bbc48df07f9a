import { useMemo, type ReactNode } from 'react';
import type { MainJobView } from '#contract/main-job.ts';
import type { ServingView } from '#contract/serving-state.ts';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { LinkButton } from '../../../ui/link-button.tsx';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { formatNumber } from '../../../words/format.ts';
import { lastHappenings } from '../happenings.ts';
import { headlineOf, versionName, type Headline } from '../headline.ts';
import type { HomeData } from '../home-store.ts';
import { useHomeWords, type HomeWords } from '../home-words.ts';
import { suggestNextStep, type Situation } from '../next-step.ts';
import { HappeningList } from './happening-list.tsx';
import classes from './home.module.css';
import { NextStepCard } from './next-step-card.tsx';
import { RunningList } from './running-list.tsx';
import { ServedScore } from './served-score.tsx';
import { StartCards } from './start-cards.tsx';

export interface HomeViewProps {
  readonly data: HomeData;
  /** Null: not read yet. */
  readonly serving: ServingView | null;
  readonly onRetry: () => void;
  /** Begins a model of the shipped sample. */
  readonly onSample: () => void;
}

/** Where one stands: what is served, what runs, what happened, and one thing to do next. */
export function HomeView({ data, serving, onRetry, onSample }: HomeViewProps) {
  const words = useHomeWords();
  const situation = useMemo(() => situationOf(data, serving), [data, serving]);
  const failure = data.failure !== null && <ErrorNotice failure={data.failure} onRetry={onRetry} />;
  if (situation === null) return <Loading>{failure}</Loading>;
  const isEmpty =
    situation.models.length === 0 && situation.mainJobs.length === 0 && situation.comparisons.length === 0;
  if (isEmpty)
    return (
      <Page
        title={words('welcomeTitle')}
        windowTitle={words('title')}
        subtitle={words('welcomeText')}
        actions={<LinkButton to="/welcome">{words('lookAtMachine')}</LinkButton>}
      >
        {failure}
        <StartCards sample={data.sample} onSample={onSample} />
      </Page>
    );
  return <Situated situation={situation}>{failure}</Situated>;
}

function Situated({ situation, children }: { readonly situation: Situation; readonly children: ReactNode }) {
  const words = useHomeWords();
  const headline = headlineOf(situation);
  const step = suggestNextStep(situation);
  const running = situation.mainJobs.filter(({ state }) => state === 'running');
  const waiting = situation.mainJobs.filter(({ state }) => state === 'waiting').length;
  const happenings = lastHappenings(situation.mainJobs, situation.comparisons);
  return (
    <Page
      title={headlineText(words, headline)}
      windowTitle={words('title')}
      actions={<LinkButton to="/create">{words('newModel')}</LinkButton>}
    >
      {children}
      <div className={classes['columns']}>
        <div className={classes['main']}>
          {headline.model !== null && <ServedScore model={headline.model} />}
          <RunningList running={running} waiting={waiting} />
          <HappeningList happenings={happenings} />
        </div>
        {step !== null && <NextStepCard step={step} />}
      </div>
    </Page>
  );
}

function Loading({ children }: { readonly children: ReactNode }) {
  const words = useHomeWords();
  return (
    <Page title={<Skeleton height={1.75} width={28} />} windowTitle={words('title')}>
      {children === false ? (
        <div className={classes['columns']}>
          <div className={classes['main']}>
            <Skeleton height={11} />
            <Skeleton lines={3} />
            <Skeleton lines={5} />
          </div>
          <Skeleton height={9} />
        </div>
      ) : (
        children
      )}
    </Page>
  );
}

function situationOf({ mainJobs, models, comparisons }: HomeData, serving: ServingView | null): Situation | null {
  if (mainJobs === null || models === null || comparisons === null || serving === null) return null;
  return { mainJobs: [...mainJobs.values()] satisfies readonly MainJobView[], models, comparisons, serving };
}

function headlineText(words: HomeWords, { word, model }: Headline): string {
  if (model === null) return words(word);
  const figure = (score: number | null): string => (score === null ? '' : formatNumber(score));
  return words(word, {
    model: versionName(model),
    tuned: figure(model.tunedScore),
    base: figure(model.baseScore),
  });
}
