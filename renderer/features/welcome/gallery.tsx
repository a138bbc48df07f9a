import type { ReactNode } from 'react';
import type { GalleryEntry } from '../../ui/gallery-entry.ts';
import { baseModels, failureOfCode } from '../create/fixtures.ts';
import { environment, finding, machine } from './fixtures.ts';
import { WelcomeView, type WelcomeViewProps } from './views/welcome-view.tsx';
import type { Preparation } from './welcome-store.ts';

const nothing = (): void => undefined;
const absent: Preparation = { state: 'absent', text: '', fraction: null, failure: null };

function shown(changes: Partial<WelcomeViewProps>): ReactNode {
  return (
    <WelcomeView
      machine={{ machine, finding }}
      models={baseModels}
      environment={environment}
      sampleSeconds={352}
      failure={null}
      python={absent}
      base={absent}
      onLook={nothing}
      onPrepare={nothing}
      onRepair={nothing}
      onStop={nothing}
      onSample={nothing}
      onOwnData={nothing}
      {...changes}
    />
  );
}

const probeFailed = failureOfCode(
  'environment.probe-failed',
  'The installed Python environment does not work: the tensor-probe failed (illegal instruction).',
  'Run `forge env repair`, which builds it anew from the files already downloaded.',
);

export const welcomeGallery: readonly GalleryEntry[] = [
  { id: 'welcome/first', title: 'Welcome, first start', render: () => shown({}) },
  {
    id: 'welcome/loading',
    title: 'Welcome, looking at the machine',
    render: () =>
      shown({
        machine: null,
        environment: null,
        models: [],
        sampleSeconds: null,
        python: { ...absent, state: 'unknown' },
        base: { ...absent, state: 'unknown' },
      }),
  },
  {
    id: 'welcome/setting-up',
    title: 'Welcome, setting up',
    render: () =>
      shown({ python: { ...absent, state: 'running', text: 'install: torch 2.9.1, 120 of 260 MB', fraction: 0.46 } }),
  },
  {
    id: 'welcome/failed',
    title: 'Welcome, set-up failed',
    render: () => shown({ python: { ...absent, state: 'failed', failure: probeFailed } }),
  },
  {
    id: 'welcome/ready',
    title: 'Welcome, everything there',
    render: () => shown({ python: { ...absent, state: 'ready' }, base: { ...absent, state: 'ready' } }),
  },
];
