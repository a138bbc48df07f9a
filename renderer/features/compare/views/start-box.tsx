import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { formatUsd } from '../../../words/format.ts';
import { useCompareWords } from '../compare-words.ts';
import { judgeCost, requestOf } from '../comparison-draft.ts';
import type { CompareViewProps } from './compare-props.ts';
import classes from './compare-view.module.css';
import { CostLine } from './cost-line.tsx';
import { PromptSource } from './prompt-source.tsx';
import { SettingsPopover } from './settings-popover.tsx';

/** What to ask, how, at what cost; and the button. */
export function StartBox({ state, handlers }: CompareViewProps) {
  const words = useCompareWords();
  const [areSettingsOpen, openSettings] = useState(false);
  const { draft, estimate, refusal, isStarting } = state;
  const outcome = requestOf(draft);
  const judgement = estimate === null ? 'fine' : judgeCost(estimate, draft.settings.capUsd);
  const costSentence = useCostSentence(state, judgement);
  const reason = outcome.kind === 'obstacle' ? words(outcome.obstacle) : costSentence;
  const start = (): void => {
    if (reason === null && !isStarting) handlers.start();
  };
  return (
    <Section title={words('whatToAsk')} actions={<SourceChoice state={state} handlers={handlers} />}>
      <div className={classes['box']}>
        <PromptSource
          draft={draft}
          datasets={state.datasets}
          mainJobs={state.mainJobs}
          onChange={handlers.change}
          onUpload={handlers.upload}
          onStart={start}
        />
        <BlindSwitch state={state} handlers={handlers} />
        <div className={classes['foot']}>
          <SettingsPopover
            settings={draft.settings}
            onChange={(settings) => handlers.change({ settings })}
            isOpen={areSettingsOpen}
            onOpenChange={openSettings}
          />
          <span className={classes['cost']} aria-live="polite">
            <Consequence state={state} />
          </span>
          <Button kind="primary" className={classes['go']} busy={isStarting} disabledReason={reason} onClick={start}>
            {estimate !== null && estimate.prompts > 1
              ? words('startSet', { count: estimate.prompts })
              : words('start')}
          </Button>
        </div>
      </div>
      {costSentence !== null && (
        <Notice tone="warn" action={<Button onClick={() => openSettings(true)}>{words('setLimit')}</Button>}>
          {costSentence}
        </Notice>
      )}
      {refusal !== null && <ErrorNotice failure={refusal} />}
    </Section>
  );
}

function BlindSwitch({ state: { draft }, handlers }: CompareViewProps) {
  const words = useCompareWords();
  return (
    <Switch
      checked={draft.settings.blind}
      onChange={(blind) => handlers.change({ settings: { ...draft.settings, blind } })}
      hint={words('blindHint')}
    >
      {words('blind')}
    </Switch>
  );
}

/** Beside the button: what is missing, else what it will cost. */
function Consequence({ state: { draft, estimate, refusal } }: Pick<CompareViewProps, 'state'>) {
  const words = useCompareWords();
  const outcome = requestOf(draft);
  if (outcome.kind === 'obstacle') return words(outcome.obstacle);
  if (estimate !== null) return <CostLine estimate={estimate} />;
  return refusal === null ? words('estimating') : null;
}

function SourceChoice({ state: { draft }, handlers }: CompareViewProps) {
  const words = useCompareWords();
  return (
    <Segmented
      label={words('whatToAsk')}
      value={draft.source}
      onChange={(source) => handlers.change({ source })}
      options={[
        { value: 'prompt', label: words('sourcePrompt') },
        { value: 'lines', label: words('sourceLines') },
        { value: 'file', label: words('sourceFile') },
        { value: 'held-out', label: words('sourceHeldOut') },
      ]}
    />
  );
}

function useCostSentence(
  { draft, estimate }: CompareViewProps['state'],
  judgement: ReturnType<typeof judgeCost>,
): string | null {
  const words = useCompareWords();
  const usd = formatUsd(estimate?.usdAtMost ?? 0);
  if (judgement === 'over-cap') return words('overCap', { usd, cap: formatUsd(draft.settings.capUsd ?? 0) });
  if (judgement === 'needs-cap') return words('needsCap', { usd });
  return judgement === 'unknown' ? words('unknownNeedsCap') : null;
}
