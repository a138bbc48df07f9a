import { Popover as BasePopover } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';
import { classes } from './classes.ts';
import popup from './popup.module.css';

export interface PopoverProps {
  /** A `Button` or `IconButton`. */
  readonly trigger: ReactElement;
  readonly title?: ReactNode;
  readonly children: ReactNode;
  readonly open?: boolean | undefined;
  readonly onOpenChange?: ((open: boolean) => void) | undefined;
  readonly align?: 'start' | 'center' | 'end';
  readonly className?: string | undefined;
}

/** A few settings or a longer explanation beside the thing they are about. */
export function Popover({ trigger, title, children, open, onOpenChange, align = 'start', className }: PopoverProps) {
  return (
    <BasePopover.Root {...(open !== undefined && { open })} onOpenChange={(isOpen) => onOpenChange?.(isOpen)}>
      <BasePopover.Trigger render={trigger} />
      <BasePopover.Portal>
        <BasePopover.Positioner className={popup['positioner']} align={align} sideOffset={6}>
          <BasePopover.Popup className={classes(popup['popup'], popup['panel'], className)}>
            {title !== undefined && <BasePopover.Title className={popup['panelTitle']}>{title}</BasePopover.Title>}
            {children}
          </BasePopover.Popup>
        </BasePopover.Positioner>
      </BasePopover.Portal>
    </BasePopover.Root>
  );
}
