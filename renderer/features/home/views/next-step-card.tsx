import { LinkButton } from '../../../ui/link-button.tsx';
import { Panel } from '../../../ui/page.tsx';
import { useHomeWords } from '../home-words.ts';
import type { NextStep, NextStepKind } from '../next-step.ts';
import classes from './home.module.css';

const wordOf = {
  'mend-server': 'nextMendServer',
  resume: 'nextResume',
  'look-at-failure': 'nextFailure',
  watch: 'nextWatch',
  'start-server': 'nextStart',
  worse: 'nextWorse',
  'no-difference': 'nextNoDifference',
  compare: 'nextCompare',
  use: 'nextUse',
  improve: 'nextImprove',
} as const satisfies Record<NextStepKind, string>;

/** The one suggestion of the page, with its one button. */
export function NextStepCard({ step }: { readonly step: NextStep }) {
  const words = useHomeWords();
  const word = wordOf[step.kind];
  const { name } = step;
  return (
    <Panel className={classes['next']}>
      <p className={classes['eyebrow']}>{words('next')}</p>
      <h2>{words(word, { name })}</h2>
      <p className={classes['quiet']}>{words(`${word}Text`, { name })}</p>
      <LinkButton kind="primary" to={step.to}>
        {words(`${word}Do`, { name })}
      </LinkButton>
    </Panel>
  );
}
