import { useState } from 'react';
import { Badge } from '../../../ui/badge.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Combobox } from '../../../ui/combobox.tsx';
import { Field } from '../../../ui/field.tsx';
import { FileDrop } from '../../../ui/file-drop.tsx';
import type { GalleryEntry } from '../../../ui/gallery-entry.ts';
import { RadioCards, type RadioCard } from '../../../ui/radio-cards.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Select } from '../../../ui/select.tsx';
import { Slider } from '../../../ui/slider.tsx';
import { Stepper } from '../../../ui/stepper.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { NumberInput, TextArea, TextInput } from '../../../ui/text-input.tsx';
import { Sheet, Specimen } from './specimen.tsx';

const nothing = (): void => undefined;

export const inputEntries: readonly GalleryEntry[] = [
  { id: 'kit/fields', title: 'Fields, empty, filled, wrong, disabled', render: () => <Fields /> },
  { id: 'kit/choices', title: 'Choices: boxes, switches, cards, segments', render: () => <Choices /> },
  { id: 'kit/ways', title: 'Tabs and steps', render: () => <Ways /> },
  { id: 'kit/file-drop', title: 'A place to drop files', render: () => <Drops /> },
];

const formats = [
  { value: 'q4', label: 'Q4_K_M', hint: 'A quarter of the size, answers almost the same' },
  { value: 'q8', label: 'Q8_0', hint: 'Half the size' },
  { value: 'f16', label: 'F16', disabled: true, hint: 'Needs 4 GB more' },
];
const models = ['SmolLM2 135M', 'SmolLM2 360M', 'SmolLM2 1.7B', 'Qwen2.5 0.5B', 'Qwen2.5 1.5B'].map((label) => ({
  value: label,
  label,
}));

function Fields() {
  const [name, setName] = useState('support');
  const [steps, setSteps] = useState<number | null>(240);
  const [rate, setRate] = useState<number | null>(0.0002);
  const [format, setFormat] = useState('q4');
  const [model, setModel] = useState<string | null>('SmolLM2 360M');
  const [share, setShare] = useState(25);
  return (
    <Sheet narrow>
      <Field label="Name" hint="It is how other programs ask for the model.">
        <TextInput value={name} onChange={setName} />
      </Field>
      <Field label="Name" error="A model of this name is there already. Choose another, or make a version 4 of it.">
        <TextInput value={name} onChange={setName} />
      </Field>
      <Field label="Instructions" hint="Grows with what is written.">
        <TextArea value="" onChange={nothing} placeholder="You answer customers of a bicycle shop." />
      </Field>
      <Field label="Steps">
        <NumberInput value={steps} onChange={setSteps} min={1} max={100_000} />
      </Field>
      <Field label="Learning rate" aside={<Badge>default</Badge>}>
        <NumberInput value={rate} onChange={setRate} min={0} step={0.0001} unit="per step" />
      </Field>
      <Field label="Format">
        <Select value={format} onChange={setFormat} options={formats} />
      </Field>
      <Field label="Base model">
        <Combobox value={model} onChange={setModel} options={models} />
      </Field>
      <Field label="Kept aside to measure">
        <Slider value={share} onChange={setShare} min={5} max={50} format={(value) => `${value} %`} />
      </Field>
      <Field label="Path" hint="Not to be changed while it is read.">
        <TextInput code disabled value="/home/ada/tickets.csv" onChange={nothing} />
      </Field>
    </Sheet>
  );
}

const baseCards: readonly RadioCard<string>[] = [
  {
    value: 'small',
    label: 'SmolLM2 360M',
    badge: <Badge tone="accent">recommended</Badge>,
    description: 'Learns short, fixed answers well and is quick on this machine.',
    figures: 'about 3 minutes · 3.1 of 24 GB · Apache-2.0',
  },
  {
    value: 'middle',
    label: 'SmolLM2 1.7B',
    description: 'Writes freer text.',
    figures: 'about 40 minutes · 9.8 of 24 GB · Apache-2.0',
  },
  {
    value: 'large',
    label: 'Qwen2.5 7B',
    description: 'Knows more of the world.',
    disabledReason: 'Needs 31 GB of memory; this machine has 24.',
  },
  { value: 'own', label: 'A folder or GGUF file of mine', description: 'Any model of a supported family.' },
];

function BaseCards() {
  const [base, setBase] = useState('small');
  return <RadioCards label="Base model" value={base} onChange={setBase} columns={2} options={baseCards} />;
}

function BoxesAndSwitches() {
  const [checked, setChecked] = useState(true);
  const [on, setOn] = useState(true);
  return (
    <>
      <Specimen title="Boxes">
        <Checkbox checked={checked} onChange={setChecked}>
          Keep the checkpoints
        </Checkbox>
        <Checkbox checked={false} onChange={nothing}>
          Open at the end
        </Checkbox>
        <Checkbox checked="mixed" onChange={nothing}>
          Some rows
        </Checkbox>
        <Checkbox checked disabled onChange={nothing} hint="Always on for this kind.">
          Check the file
        </Checkbox>
      </Specimen>
      <Specimen title="Switches">
        <Switch checked={on} onChange={setOn}>
          Start at login
        </Switch>
        <Switch checked={!on} onChange={(value) => setOn(!value)} hint="Programs must send the key.">
          Ask for a key
        </Switch>
        <Switch checked busy onChange={nothing}>
          Starting
        </Switch>
        <Switch checked={false} disabled onChange={nothing}>
          Not here
        </Switch>
        <Switch size="large" checked={on} onChange={setOn}>
          Server
        </Switch>
        <Switch size="large" checked={!on} onChange={(value) => setOn(!value)} label="Server" />
      </Specimen>
    </>
  );
}

function Choices() {
  const [view, setView] = useState('chart');
  return (
    <Sheet>
      <BoxesAndSwitches />
      <Specimen title="Cards" column>
        <BaseCards />
      </Specimen>
      <Specimen title="Segments">
        <Segmented
          label="View"
          value={view}
          onChange={setView}
          options={[
            { value: 'chart', label: 'Chart' },
            { value: 'table', label: 'Table' },
          ]}
        />
        <Segmented
          label="View"
          value="a"
          disabled
          onChange={nothing}
          options={[
            { value: 'a', label: 'Before' },
            { value: 'b', label: 'After' },
          ]}
        />
      </Specimen>
    </Sheet>
  );
}

function Ways() {
  const [tab, setTab] = useState('console');
  return (
    <Sheet>
      <Specimen title="Steps" column>
        <Stepper
          label="Create a model"
          onGo={nothing}
          steps={[
            { id: 'data', label: 'Data', state: 'done' },
            { id: 'base', label: 'Base', state: 'done' },
            { id: 'plan', label: 'Plan', state: 'now' },
            { id: 'train', label: 'Train', state: 'later' },
            { id: 'result', label: 'Result', state: 'later' },
            { id: 'serve', label: 'Serve', state: 'later' },
          ]}
        />
        <Stepper
          label="Ein Modell erstellen"
          onGo={nothing}
          steps={[
            { id: 'data', label: 'Daten', state: 'done' },
            { id: 'train', label: 'Training', state: 'failed' },
            { id: 'result', label: 'Ergebnis', state: 'later' },
          ]}
          shown="train"
        />
      </Specimen>
      <Specimen title="Tabs" column>
        <Tabs
          label="Run"
          value={tab}
          onChange={setTab}
          tabs={[
            { id: 'console', label: 'Console' },
            { id: 'meters', label: 'Meters' },
            { id: 'events', label: 'Events', badge: 12 },
            { id: 'settings', label: 'Settings' },
          ]}
        >
          <p>What {tab} shows.</p>
        </Tabs>
      </Specimen>
    </Sheet>
  );
}

function Drops() {
  return (
    <Sheet narrow>
      <FileDrop
        onFiles={nothing}
        accept=".csv,.tsv,.jsonl,.json"
        label="Drop a file with examples here"
        hint="CSV, TSV, JSON or JSONL: one question and one good answer a row."
      />
      <FileDrop disabled onFiles={nothing} label="Drop a file with examples here" />
    </Sheet>
  );
}
