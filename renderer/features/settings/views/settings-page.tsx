import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { sectionOf, type SettingsSection } from '../sections.ts';
import { SettingsFrame } from './settings-frame.tsx';

/** Each section comes with its own chunk: one looks at one of them at a time. */
const sections = {
  machine: lazy(() => import('./machine-section.tsx').then(({ MachineSection }) => ({ default: MachineSection }))),
  environments: lazy(() =>
    import('./environments-section.tsx').then(({ EnvironmentsSection }) => ({ default: EnvironmentsSection })),
  ),
  storage: lazy(() => import('./storage-section.tsx').then(({ StorageSection }) => ({ default: StorageSection }))),
  providers: lazy(() =>
    import('./providers-section.tsx').then(({ ProvidersSection }) => ({ default: ProvidersSection })),
  ),
  appearance: lazy(() =>
    import('./appearance-section.tsx').then(({ AppearanceSection }) => ({ default: AppearanceSection })),
  ),
  general: lazy(() => import('./general-section.tsx').then(({ GeneralSection }) => ({ default: GeneralSection }))),
  network: lazy(() => import('./network-section.tsx').then(({ NetworkSection }) => ({ default: NetworkSection }))),
  licences: lazy(() => import('./licences-section.tsx').then(({ LicencesSection }) => ({ default: LicencesSection }))),
  about: lazy(() => import('./about-section.tsx').then(({ AboutSection }) => ({ default: AboutSection }))),
} as const satisfies Record<SettingsSection, LazyExoticComponent<ComponentType>>;

/** `/settings` and `/settings/<section>` */
export function SettingsPage() {
  const { section: name } = useParams({ strict: false });
  const section = sectionOf(name);
  const Section = sections[section];
  return (
    <SettingsFrame section={section}>
      <Suspense fallback={<Skeleton lines={6} />}>
        <Section />
      </Suspense>
    </SettingsFrame>
  );
}
