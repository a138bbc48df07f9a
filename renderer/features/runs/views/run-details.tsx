import { lazy, Suspense, useState } from 'react';
import type { MeterReading } from '#contract/hardware.ts';
import type { MainJobResult } from '#contract/main-job.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Tabs, type Tab } from '../../../ui/tabs.tsx';
import { formatNumber } from '../../../words/format.ts';
import type { RunFacts } from '../run-recorder.ts';
import { useRunsWords } from '../runs-words.ts';
import type { ConsoleSource } from './console-source.ts';
import { EventsView } from './events-view.tsx';
import { FilesView } from './files-view.tsx';
import { InvariantsView } from './invariants-view.tsx';
import { MetersView } from './meters-view.tsx';
import { SettingsView } from './settings-view.tsx';

const ConsoleView = lazy(() => import('./console-view.tsx').then(({ ConsoleView: view }) => ({ default: view })));

export type RunTab = 'console' | 'meters' | 'settings' | 'events' | 'invariants' | 'files';

export interface RunDetailsProps {
  readonly name: string;
  readonly facts: RunFacts;
  readonly console: ConsoleSource;
  readonly readings: readonly MeterReading[];
  /** The meters are read for as long as they are looked at. */
  readonly onTab: (tab: RunTab) => void;
  readonly result: Pick<MainJobResult, 'adapterPath' | 'ggufPath'> | null;
  readonly firstTab?: RunTab;
}

/** What lies behind the curves. */
export function RunDetails(props: RunDetailsProps) {
  const { facts, onTab, firstTab = 'console' } = props;
  const words = useRunsWords();
  const [tab, setTab] = useState<RunTab>(firstTab);
  const broken = facts.invariants.filter(({ ok }) => !ok).length;
  const stepped = facts.interventions.length;
  const tabs: readonly Tab<RunTab>[] = [
    { id: 'console', label: words('tabConsole') },
    { id: 'meters', label: words('tabMeters') },
    { id: 'settings', label: words('tabSettings') },
    { id: 'events', label: words('tabEvents'), ...(stepped === 0 ? {} : { badge: formatNumber(stepped) }) },
    { id: 'invariants', label: words('tabInvariants'), ...(broken === 0 ? {} : { badge: formatNumber(broken) }) },
    { id: 'files', label: words('tabFiles') },
  ];
  const choose = (next: RunTab): void => {
    setTab(next);
    onTab(next);
  };
  return (
    <Tabs label={words('details')} value={tab} onChange={choose} tabs={tabs}>
      <Panel {...props} tab={tab} />
    </Tabs>
  );
}

function Panel({ tab, name, facts, console, readings, result }: RunDetailsProps & { readonly tab: RunTab }) {
  switch (tab) {
    case 'console':
      return (
        <Suspense fallback={<Skeleton height={25} />}>
          <ConsoleView source={console} name={name} />
        </Suspense>
      );
    case 'meters':
      return <MetersView readings={readings} />;
    case 'settings':
      return <SettingsView hello={facts.hello} />;
    case 'events':
      return <EventsView entries={facts.entries} dropped={facts.droppedEntries} />;
    case 'invariants':
      return <InvariantsView invariants={facts.invariants} />;
    case 'files':
      return <FilesView result={result} checkpoints={facts.checkpoints} />;
  }
}
