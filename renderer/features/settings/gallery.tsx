import type { ReactNode } from 'react';
import type { GalleryEntry } from '../../ui/gallery-entry.ts';
import { noActs } from './acts.ts';
import {
  away,
  environmentOf,
  failure,
  findingOf,
  machineDataOf,
  machineOf,
  settings,
  settingsOf,
  storageOf,
} from './fixtures.ts';
import { aboutOf, ledgerOf, providersOf } from './record-fixtures.ts';
import type { SettingsSection } from './sections.ts';
import { AboutSectionView } from './views/about-section.tsx';
import { AppearanceSectionView } from './views/appearance-section.tsx';
import { EnvironmentsSectionView } from './views/environments-section.tsx';
import { GeneralSectionView } from './views/general-section.tsx';
import { LicencesSectionView } from './views/licences-section.tsx';
import { MachineSectionView } from './views/machine-section.tsx';
import { NetworkSectionView } from './views/network-section.tsx';
import { ProvidersSectionView, type ProviderActs } from './views/providers-section.tsx';
import { SettingsFrame } from './views/settings-frame.tsx';
import { StorageSectionView } from './views/storage-section.tsx';

const nothing = (): void => undefined;

const entry = (section: SettingsSection, state: string, content: ReactNode): GalleryEntry => ({
  id: `settings/${section}-${state}`,
  title: `Settings, ${section}, ${state}`,
  render: () => <SettingsFrame section={section}>{content}</SettingsFrame>,
});

const loadFailed = { failures: new Map([['load', away]]) };
const environmentActs = { load: nothing, setUp: nothing, stop: nothing, remove: nothing };
const providerActs: ProviderActs = {
  load: nothing,
  setSecret: async () => true,
  removeSecret: nothing,
  test: nothing,
  save: async () => true,
  remove: nothing,
};
const settingUp = machineDataOf({
  environments: [environmentOf({ state: 'incomplete', sizeBytes: 310_000_000 })],
  busy: new Set(['setUp:cpu']),
  progress: new Map([
    ['cpu', { profile: 'cpu', stage: 'install', state: 'running', fraction: 0.42, text: 'torch 2.9.0, 118 of 190 MB' }],
  ]),
});
const inTrouble = machineDataOf({
  detected: {
    machine: machineOf({
      disk: { path: '/', freeBytes: 1.1e9 },
      nvidia: {
        state: 'no-driver',
        problem: 'an NVIDIA card is there, its driver does not answer',
        driverVersion: null,
        cudaVersion: null,
        cards: [],
      },
    }),
    finding: findingOf({
      warnings: ['the processor has no AVX2: training and answering will be slow'],
      memoryBytes: 0.9e9,
    }),
  },
  environments: [environmentOf({ state: 'absent', sizeBytes: null })],
  ollama: { state: 'too-old', host: '', version: '0.3.1', minimum: '0.6.0' },
});
const tests = new Map([
  ['openai', { ok: true, text: 'It answered with a list of 48 models.', milliseconds: 412, models: [], failure: null }],
  [
    'lab',
    {
      ok: false,
      text: 'Nothing listens at 127.0.0.1:8000. Start the server, then test again.',
      milliseconds: null,
      models: [],
      failure: {
        ...failure,
        code: 'provider.down',
        message: 'Lab does not answer: nothing listens at 127.0.0.1:8000.',
        remedy: 'Check the connection and the address, or try again in a few minutes.',
      },
    },
  ],
]);
const offline = settings.find(({ key }) => key === 'network.offline') ?? null;

const network = (state: string, ledger = ledgerOf(0), fixed = false): GalleryEntry =>
  entry(
    'network',
    state,
    <NetworkSectionView
      ledger={ledger}
      offline={offline === null || fixed ? offline : { ...offline, origin: 'default' }}
      settingActs={noActs}
      onOffline={nothing}
      onRefresh={nothing}
      onOlder={nothing}
    />,
  );

export const settingsGallery: readonly GalleryEntry[] = [
  entry('machine', 'fine', <MachineSectionView data={machineDataOf()} serving={null} onLook={nothing} />),
  entry('machine', 'trouble', <MachineSectionView data={inTrouble} serving={null} onLook={nothing} />),
  entry(
    'machine',
    'loading',
    <MachineSectionView
      data={machineDataOf({ detected: null, environments: null, ollama: null, status: null })}
      serving={null}
      onLook={nothing}
    />,
  ),
  entry('environments', 'ready', <EnvironmentsSectionView data={machineDataOf()} acts={environmentActs} />),
  entry('environments', 'running', <EnvironmentsSectionView data={settingUp} acts={environmentActs} />),
  entry(
    'environments',
    'failing',
    <EnvironmentsSectionView
      data={machineDataOf({ ...loadFailed, environments: [environmentOf({ state: 'incomplete' })] })}
      acts={environmentActs}
    />,
  ),
  entry(
    'storage',
    'full',
    <StorageSectionView
      data={storageOf({ freedBytes: new Map([['logs', 5_000_000]]) })}
      onClean={nothing}
      onRetry={nothing}
    />,
  ),
  entry(
    'storage',
    'loading',
    <StorageSectionView data={storageOf({ usage: null })} onClean={nothing} onRetry={nothing} />,
  ),
  entry(
    'storage',
    'failing',
    <StorageSectionView data={storageOf({ usage: null, ...loadFailed })} onClean={nothing} onRetry={nothing} />,
  ),
  entry('providers', 'tested', <ProvidersSectionView data={providersOf({ tests })} acts={providerActs} />),
  entry(
    'providers',
    'failing',
    <ProvidersSectionView data={providersOf({ providers: null, ...loadFailed })} acts={providerActs} />,
  ),
  entry(
    'appearance',
    'chosen',
    <AppearanceSectionView
      data={noActs}
      appearance={{ theme: 'dark', language: 'system' }}
      onTheme={nothing}
      onLanguage={nothing}
    />,
  ),
  entry(
    'general',
    'changed',
    <GeneralSectionView
      data={settingsOf({ waitsForRestart: new Set(['server.port']), failures: new Map([['server.port', failure]]) })}
      onChange={nothing}
      onRetry={nothing}
    />,
  ),
  entry(
    'general',
    'loading',
    <GeneralSectionView data={settingsOf({ settings: null })} onChange={nothing} onRetry={nothing} />,
  ),
  network('empty'),
  network('full', ledgerOf(240, { total: 3120, skipped: 2, hasMore: true }), true),
  network('failing', ledgerOf(0, { rows: null, ...loadFailed })),
  entry('licences', 'full', <LicencesSectionView data={aboutOf()} onRetry={nothing} />),
  entry('licences', 'loading', <LicencesSectionView data={aboutOf({ licences: null })} onRetry={nothing} />),
  entry(
    'about',
    'full',
    <AboutSectionView data={aboutOf()} getMachine={() => Promise.resolve(machineDataOf())} onRetry={nothing} />,
  ),
];
