import { useEffect, useState } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import { useEngine } from '../../../connection/engine-context.tsx';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Panel, Section } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { formatBytes, formatDuration } from '../../../words/format.ts';
import { createAboutStore, type AboutData } from '../about-store.ts';
import { bugReport } from '../bug-report.ts';
import { createMachineStore, type MachineData, type MachineStoreState } from '../machine-store.ts';
import { useSettingsWords } from '../settings-words.ts';
import { Facts } from './facts.tsx';
import { Failure } from './failure.tsx';
import classes from './settings.module.css';

export function AboutSection() {
  const about = useStoreOf(createAboutStore, (all) => all);
  const load = useStoreOf(createMachineStore, (all) => all.load);
  const { loadStatus } = about;
  const machine = useEngine().storeOf(createMachineStore);
  useEffect(() => {
    void loadStatus();
    void load();
  }, [loadStatus, load]);
  // Whoever is quicker than the look at the machine gets its figures all the same.
  const getMachine = (): Promise<MachineData> => machineOnceKnown(machine);
  return <AboutSectionView data={about} getMachine={getMachine} onRetry={() => void loadStatus()} />;
}

function machineOnceKnown(machine: StoreApi<MachineStoreState>): Promise<MachineData> {
  const isKnown = ({ detected, failures }: MachineStoreState): boolean => detected !== null || failures.has('load');
  if (isKnown(machine.getState())) return Promise.resolve(machine.getState());
  return new Promise((resolve) => {
    const stop = machine.subscribe((state) => {
      if (!isKnown(state)) return;
      stop();
      resolve(state);
    });
  });
}

export interface AboutSectionViewProps {
  readonly data: AboutData;
  readonly getMachine: () => Promise<Pick<MachineData, 'detected' | 'environments'>>;
  readonly onRetry: () => void;
}

/** Which Forge this is, and what to send along with a bug report. */
export function AboutSectionView({ data, getMachine, onRetry }: AboutSectionViewProps) {
  const words = useSettingsWords();
  const shell = useShell();
  const [openedAt] = useState(() => Date.now());
  const { status } = data;
  const report = async (): Promise<string> => {
    if (status === null) return '';
    const { detected, environments } = await getMachine();
    return bugReport({
      status,
      window: `${shell.kind} ${shell.version}, ${shell.platform}`,
      finding: detected?.finding ?? null,
      environments: environments ?? [],
      now: Date.now(),
    });
  };
  return (
    <Section title="Forge" hint={words('aboutText')}>
      <Failure failures={data.failures} of="status" onRetry={onRetry} />
      {status === null ? (
        <Skeleton height={12} />
      ) : (
        <Panel>
          <Facts
            facts={[
              { name: words('version'), value: status.version },
              { name: words('protocol'), value: status.protocol },
              {
                name: words('window'),
                value: shell.kind === 'desktop' ? words('desktop', { version: shell.version }) : words('browser'),
              },
              { name: words('enginePid'), value: status.pid },
              { name: words('uptime'), value: formatDuration(Math.max(0, openedAt - status.startedAt) / 1000) },
              { name: words('memory'), value: formatBytes(status.memoryBytes) },
              { name: words('home'), value: <Home path={status.home} label={words('copyHome')} /> },
            ]}
          />
        </Panel>
      )}
      <div className={classes['buttons']}>
        <CopyButton kind="plain" label={words('copyReport')} getText={report}>
          {words('copyReport')}
        </CopyButton>
        <span className={classes['figures']}>{words('copyReportHint')}</span>
      </div>
    </Section>
  );
}

function Home({ path, label }: { readonly path: string; readonly label: string }) {
  return (
    <span className={classes['pathLine']}>
      <code className={classes['path']}>{path}</code>
      <CopyButton text={path} label={label} />
    </span>
  );
}
