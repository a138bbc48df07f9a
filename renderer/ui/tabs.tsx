import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './tabs.module.css';

export interface Tab<Id extends string = string> {
  readonly id: Id;
  readonly label: ReactNode;
  /** A count or a `Badge` after the label. */
  readonly badge?: ReactNode;
}

export interface TabsProps<Id extends string> {
  readonly value: Id;
  readonly onChange: (id: Id) => void;
  readonly tabs: readonly Tab<Id>[];
  /** What the chosen tab shows. */
  readonly children: ReactNode;
  /** What the tabs are about, for a screen reader. */
  readonly label?: string | undefined;
  readonly className?: string | undefined;
  /** The panel takes the height that is left and scrolls by itself. */
  readonly fill?: boolean;
}

export function Tabs<Id extends string>({
  value,
  onChange,
  tabs,
  children,
  label,
  className,
  fill = false,
  ...rest
}: TabsProps<Id>) {
  return (
    <BaseTabs.Root
      value={value}
      onValueChange={(id: Id) => onChange(id)}
      className={classes(styles['tabs'], fill && styles['fill'], className)}
      {...rest}
    >
      <BaseTabs.List className={styles['list']} aria-label={label} activateOnFocus>
        {tabs.map((tab) => (
          <BaseTabs.Tab key={tab.id} value={tab.id} className={styles['tab']}>
            {tab.label}
            {tab.badge !== undefined && <span className={styles['badge']}>{tab.badge}</span>}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      <BaseTabs.Panel key={value} value={value} className={styles['panel']}>
        {children}
      </BaseTabs.Panel>
    </BaseTabs.Root>
  );
}
