import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { classes } from './classes.ts';
import { Keys } from './key-hint.tsx';
import popup from './popup.module.css';

export interface MenuItem {
  readonly id: string;
  /** A verb with its object. */
  readonly label: string;
  readonly icon?: ReactNode;
  readonly keys?: string | undefined;
  readonly danger?: boolean;
  /** Why it cannot be chosen now; shown under its label. */
  readonly disabledReason?: string | null | undefined;
  readonly onSelect: () => void;
}

export interface MenuProps {
  /** A `Button` or `IconButton`. */
  readonly trigger: ReactElement;
  readonly items: readonly (MenuItem | 'line')[];
  readonly align?: 'start' | 'end';
}

export function Menu({ trigger, items, align = 'start' }: MenuProps) {
  const hasIcons = items.some((item) => item !== 'line' && item.icon !== undefined);
  return (
    <BaseMenu.Root modal={false}>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner className={popup['positioner']} align={align} sideOffset={4}>
          <BaseMenu.Popup className={popup['popup']}>
            {items.map((item, index) =>
              item === 'line' ? (
                <BaseMenu.Separator key={`line-${String(index)}`} className={popup['line']} />
              ) : (
                <Item key={item.id} item={item} hasIcons={hasIcons} />
              ),
            )}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

function Item({ item, hasIcons }: { readonly item: MenuItem; readonly hasIcons: boolean }) {
  const reason = item.disabledReason ?? null;
  return (
    <BaseMenu.Item
      disabled={reason !== null}
      onClick={item.onSelect}
      label={item.label}
      className={classes(popup['item'], hasIcons && popup['withIcon'], item.danger === true && popup['danger'])}
    >
      {hasIcons && (item.icon ?? <span />)}
      <span>{item.label}</span>
      {item.keys !== undefined && <Keys keys={item.keys} />}
      {reason !== null && <span className={popup['hint']}>{reason}</span>}
    </BaseMenu.Item>
  );
}
