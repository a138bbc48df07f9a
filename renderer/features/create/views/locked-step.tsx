import type { DraftStep } from '#contract/drafts.ts';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { useCreateWords } from '../create-words.ts';
import { suggestedName, type Draft } from '../draft-state.ts';
import { usePlanWords } from '../plan-words.ts';
import { settingText } from '../plan-values.ts';
import styles from './locked-step.module.css';
import { StepFrame } from './step-frame.tsx';

export interface LockedStepProps {
  readonly draft: Draft;
  readonly title: string;
  readonly onCopy: () => void;
  readonly onGo: (step: DraftStep) => void;
}

/** Decisions a training has begun with: to be read, and to be changed in a copy. */
export function LockedStep({ draft, title, onCopy, onGo }: LockedStepProps) {
  const words = useCreateWords();
  const plan = usePlanWords();
  const { request, datasetLabel } = draft;
  const byHand = Object.entries(request.settings ?? {}).map(
    ([setting, value]) => `${plan(setting as Parameters<typeof plan>[0])}: ${settingText(setting, value, plan)}`,
  );
  return (
    <StepFrame title={title} primary={{ label: words('goOn'), onGo: () => onGo('train') }}>
      <Notice
        tone="info"
        title={words('lockedTitle')}
        action={<Button onClick={onCopy}>{words('copyAndChange')}</Button>}
      >
        {words('lockedText')}
      </Notice>
      <Section title={words('yourDecisions')}>
        <dl className={styles['facts']}>
          <dt>{words('dataDecision')}</dt>
          <dd>{request.dataset ?? datasetLabel}</dd>
          <dt>{words('baseDecision')}</dt>
          <dd>{request.base ?? words('theDefault')}</dd>
          <dt>{words('nameDecision')}</dt>
          <dd>{request.name ?? suggestedName(draft)}</dd>
          <dt>{words('handDecision')}</dt>
          <dd>{byHand.length === 0 ? words('nothingByHand') : byHand.join(', ')}</dd>
        </dl>
      </Section>
    </StepFrame>
  );
}
