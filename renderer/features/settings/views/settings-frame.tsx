import Cpu from 'lucide-react/icons/cpu';
import Globe from 'lucide-react/icons/globe';
import HardDrive from 'lucide-react/icons/hard-drive';
import Info from 'lucide-react/icons/info';
import KeyRound from 'lucide-react/icons/key-round';
import Package from 'lucide-react/icons/package';
import Palette from 'lucide-react/icons/palette';
import Scale from 'lucide-react/icons/scale';
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal';
import type { ReactNode } from 'react';
import { Page } from '../../../ui/page.tsx';
import { settingsSections, type SettingsSection } from '../sections.ts';
import { useSettingsWords } from '../settings-words.ts';
import classes from './settings.module.css';

const icons = {
  machine: Cpu,
  environments: Package,
  storage: HardDrive,
  providers: KeyRound,
  appearance: Palette,
  general: SlidersHorizontal,
  network: Globe,
  licences: Scale,
  about: Info,
} as const satisfies Record<SettingsSection, unknown>;

export interface SettingsFrameProps {
  readonly section: SettingsSection;
  readonly children: ReactNode;
}

/** The list of the parts at the left, one of them at the right. */
export function SettingsFrame({ section, children }: SettingsFrameProps) {
  const words = useSettingsWords();
  return (
    <Page title={words('title')} windowTitle={`${words(section)} · ${words('title')}`}>
      <div className={classes['frame']}>
        <nav aria-label={words('sections')}>
          <ul className={classes['sections']}>
            {settingsSections.map((id) => {
              const Icon = icons[id];
              return (
                <li key={id}>
                  <a
                    href={`#/settings/${id}`}
                    className={classes['sectionLink']}
                    aria-current={id === section ? 'page' : undefined}
                  >
                    <Icon size={16} aria-hidden />
                    {words(id)}
                  </a>
                </li>
              );
            })}
          </ul>
        </nav>
        <div className={classes['section']}>{children}</div>
      </div>
    </Page>
  );
}
