import { useState, type ReactNode } from 'react';
import type { BaseModelView } from '#contract/base-models.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { RadioCards, type RadioCard } from '../../../ui/radio-cards.tsx';
import { formatBytes, formatDuration, formatNumber } from '../../../words/format.ts';
import { useBaseWords } from '../base-words.ts';
import type { BaseForecast } from '../plan-store.ts';
import { inOrderOfUse, leastMemory, obstacleOf, type Recommendation } from '../recommend-base.ts';
import { useSpeaker } from '../../../words/speaker.ts';
import styles from './base-step.module.css';

export interface BaseChoiceProps {
  readonly models: readonly BaseModelView[];
  /** Id of the chosen one. */
  readonly value: string | null;
  readonly recommendation: Recommendation | null;
  readonly forecasts: Readonly<Record<string, BaseForecast>>;
  /** What a training may take here; null while that is not known. */
  readonly memoryBytes: number | null;
  readonly onChange: (id: string) => void;
}

const shownFirst = 6;

/** Base models as cards: what each is for, what it takes here, and what stands in the way. */
export function BaseChoice(props: BaseChoiceProps) {
  const words = useBaseWords();
  const { models, value, recommendation, memoryBytes, onChange } = props;
  const [showsAll, setShowsAll] = useState(false);
  const card = useCard(props);
  const ordered = inOrderOfUse(models, recommendation?.id ?? null, memoryBytes);
  const shown = ordered.filter(({ id }, index) => showsAll || index < shownFirst || id === value);
  const gated = ordered.some((model) => shown.includes(model) && obstacleOf(model, memoryBytes) === 'gated');
  return (
    <>
      <RadioCards label={words('choice')} value={value} onChange={onChange} options={shown.map(card)} />
      <div className={styles['below']}>
        {shown.length < ordered.length && (
          <Button kind="quiet" onClick={() => setShowsAll(true)}>
            {words('more', { count: ordered.length - shown.length })}
          </Button>
        )}
        {gated && (
          <LinkButton kind="quiet" to="/settings/providers">
            {words('enterToken')}
          </LinkButton>
        )}
      </div>
    </>
  );
}

function useCard({
  recommendation,
  forecasts,
  memoryBytes,
}: BaseChoiceProps): (model: BaseModelView) => RadioCard<string> {
  const words = useBaseWords();
  const { say } = useSpeaker();
  return (model) => {
    const obstacle = obstacleOf(model, memoryBytes);
    const isRecommended = model.id === recommendation?.id;
    const needed = leastMemory(model);
    const reasons = {
      'too-large': words('tooLarge', { needed: formatBytes(needed ?? 0), available: formatBytes(memoryBytes ?? 0) }),
      gated: words('gated'),
      unknown: null,
    };
    const why = isRecommended && recommendation !== null ? ` ${words(`why_${recommendation.reason}`)}` : '';
    const remark = obstacle === 'unknown' ? words('unknown') : '';
    return {
      value: model.id,
      label: model.name,
      description: `${say(model.bestUse ?? model.origin)}${why} ${remark}`.trim(),
      figures: <Figures model={model} forecast={forecasts[model.id] ?? null} />,
      ...(isRecommended && { badge: <Badge tone="accent">{words('recommended')}</Badge> }),
      disabledReason: obstacle === null ? null : reasons[obstacle],
    };
  };
}

function Figures({ model, forecast }: { readonly model: BaseModelView; readonly forecast: BaseForecast | null }) {
  const words = useBaseWords();
  const { facts, licence, state, sizeBytes } = model;
  const memory = forecast?.memoryBytes ?? leastMemory(model);
  const kind = licence === null ? null : `${licence.name} (${words(licence.isOpen ? 'openLicence' : 'conditions')})`;
  const parts: readonly ReactNode[] = [
    facts === null ? null : words('parameters', { count: parameters(facts.parameters, words) }),
    forecast === null ? null : words('about', { time: formatDuration(forecast.seconds) }),
    memory === null ? null : words('memory', { size: formatBytes(memory) }),
    kind === null ? null : words('licence', { name: kind }),
    state === 'ready' ? words('here') : sizeBytes === null ? null : words('toFetch', { size: formatBytes(sizeBytes) }),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function parameters(count: number, words: ReturnType<typeof useBaseWords>): string {
  // 950 million reads better as 1 billion.
  if (count >= 9.5e8) return words('billion', { count: formatNumber(count / 1e9, 1) });
  return words('million', { count: formatNumber(count / 1e6) });
}
