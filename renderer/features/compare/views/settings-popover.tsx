import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal';
import type { ComparisonSettings } from '#contract/comparisons.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { Term } from '../../../ui/term.tsx';
import { NumberInput, TextArea } from '../../../ui/text-input.tsx';
import { formatNumber } from '../../../words/format.ts';
import { useCompareWords } from '../compare-words.ts';
import classes from './compare-view.module.css';

interface SettingsPopoverProps {
  readonly settings: ComparisonSettings;
  readonly onChange: (settings: ComparisonSettings) => void;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** How the models are asked, and what it may cost. */
export function SettingsPopover({ settings, onChange, isOpen, onOpenChange }: SettingsPopoverProps) {
  const words = useCompareWords();
  const { temperature, maximumTokens, systemPrompt, capUsd } = settings;
  const set = (part: Partial<ComparisonSettings>): void => onChange({ ...settings, ...part });
  const line = words('settingsLine', {
    temperature: formatNumber(temperature, 2),
    tokens: formatNumber(maximumTokens),
  });
  const trigger = (
    <Button kind="quiet" icon={<SlidersHorizontal />}>
      {line}
    </Button>
  );
  return (
    <Popover trigger={trigger} title={words('settings')} open={isOpen} onOpenChange={onOpenChange}>
      <div className={classes['fields']}>
        <Field label={<Term id="temperature">{words('temperature')}</Term>}>
          <NumberInput
            value={temperature}
            min={0}
            max={2}
            step={0.1}
            onChange={(value) => set({ temperature: value ?? 0 })}
          />
        </Field>
        <Field label={words('maximumTokens')}>
          <NumberInput
            value={maximumTokens}
            min={1}
            max={32_768}
            step={64}
            unit={words('tokens')}
            onChange={(value) => value !== null && set({ maximumTokens: Math.round(value) })}
          />
        </Field>
        <Field label={words('systemPrompt')} hint={words('systemPromptHint')}>
          <TextArea
            rows={3}
            maxLength={20_000}
            value={systemPrompt ?? ''}
            onChange={(text) => set({ systemPrompt: text === '' ? null : text })}
          />
        </Field>
        <Field label={words('cap')} hint={words('capHint')}>
          <NumberInput
            value={capUsd}
            min={0.01}
            max={10_000}
            step={1}
            unit={words('dollars')}
            onChange={(value) => set({ capUsd: value })}
          />
        </Field>
      </div>
    </Popover>
  );
}
