import { useState } from 'react';
import type { ComparableModel, ComparedModel } from '#contract/comparisons.ts';
import type { ProviderView } from '#contract/providers.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Section } from '../../../ui/page.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { formatUsd } from '../../../words/format.ts';
import { useCompareWords } from '../compare-words.ts';
import { firstSentence, modelKey, obstacleRemedy } from '../compared-models.ts';
import { toggleModel } from '../comparison-draft.ts';
import { choiceGroups, readyProviders, type ChoiceGroup } from '../model-choice.ts';
import { OtherModel } from './other-model.tsx';
import { Said } from '../../../words/said.tsx';
import { useSpeaker } from '../../../words/speaker.ts';
import classes from './model-picker.module.css';

export interface ModelPickerProps {
  readonly models: readonly ComparableModel[];
  readonly providers: readonly ProviderView[];
  readonly chosen: readonly ComparedModel[];
  readonly onChange: (chosen: readonly ComparedModel[]) => void;
}

/** From here on a filter is of use. */
const filterFrom = 8;

/** Two to four models, wherever they run; those that are not ready say what they need. */
export function ModelPicker({ models, providers, chosen, onChange }: ModelPickerProps) {
  const words = useCompareWords();
  const [filter, setFilter] = useState('');
  const groups = choiceGroups(models, { chosen, providers, filter });
  const ready = readyProviders(providers);
  return (
    <Section
      title={words('chooseModels')}
      actions={<span className="type-small">{words('chosenCount', { count: String(chosen.length) })}</span>}
    >
      {models.length >= filterFrom && (
        <TextInput
          type="search"
          label={words('filterModels')}
          placeholder={words('filterModels')}
          value={filter}
          onChange={setFilter}
        />
      )}
      <div className={classes['groups']}>
        {groups.map((group) => (
          <Group
            key={group.place}
            group={group}
            chosen={chosen}
            onToggle={(model) => onChange(toggleModel(chosen, model))}
          />
        ))}
        {groups.length === 0 && <p className={classes['none']}>{words('noModelFits')}</p>}
      </div>
      {ready.length > 0 && (
        <OtherModel
          providers={ready}
          isFull={chosen.length >= 4}
          onAdd={(model) => onChange(toggleModel(chosen, model))}
        />
      )}
    </Section>
  );
}

interface GroupProps {
  readonly group: ChoiceGroup;
  readonly chosen: readonly ComparedModel[];
  readonly onToggle: (model: ComparedModel) => void;
}

function Group({ group, chosen, onToggle }: GroupProps) {
  const [first] = group.models;
  return (
    <fieldset className={classes['group']}>
      <legend className={classes['place']}>
        <Said text={group.place} />
      </legend>
      {group.obstacle !== null && first !== undefined ? (
        <Obstacle text={group.obstacle} model={first.model} />
      ) : (
        group.models.map((entry) => (
          <Choice
            key={modelKey(entry.model)}
            entry={entry}
            isChosen={chosen.some((model) => modelKey(model) === modelKey(entry.model))}
            isFull={chosen.length >= 4}
            onToggle={() => onToggle(entry.model)}
          />
        ))
      )}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly entry: ComparableModel;
  readonly isChosen: boolean;
  readonly isFull: boolean;
  readonly onToggle: () => void;
}

function Choice({ entry: { label, obstacle, price, model }, isChosen, isFull, onToggle }: ChoiceProps) {
  const words = useCompareWords();
  const hint = isFull && !isChosen ? words('fourAlready') : price === null ? undefined : priceText(price, words);
  return (
    <div className={classes['choice']}>
      <Checkbox
        checked={isChosen}
        onChange={onToggle}
        disabled={!isChosen && (isFull || obstacle !== null)}
        {...(hint !== undefined && { hint })}
      >
        {label}
      </Checkbox>
      {obstacle !== null && <Obstacle text={obstacle} model={model} />}
    </div>
  );
}

function priceText(
  { inputUsd, outputUsd, asOf }: NonNullable<ComparableModel['price']>,
  words: ReturnType<typeof useCompareWords>,
): string {
  return words('price', { input: formatUsd(inputUsd), output: formatUsd(outputUsd), date: asOf });
}

function Obstacle({ text, model }: { readonly text: string; readonly model: ComparedModel }) {
  const words = useCompareWords();
  const remedy = obstacleRemedy(model);
  const said = useSpeaker().say(text);
  return (
    <div className={classes['obstacle']}>
      <span>{remedy === null ? said : firstSentence(said)}</span>
      {remedy === 'providers' && <LinkButton to="/settings/providers">{words('setKey')}</LinkButton>}
      {remedy === 'create' && <LinkButton to="/create">{words('trainOne')}</LinkButton>}
    </div>
  );
}
