import { useId, type ComponentPropsWithRef, type MouseEvent, type ReactNode } from 'react';
import styles from './button.module.css';
import { classes } from './classes.ts';
import { ariaKeys } from './key-names.ts';
import { Keys } from './key-hint.tsx';
import { Spinner } from './spinner.tsx';
import { Tooltip } from './tooltip.tsx';
import { useIsMac } from './use-platform.ts';

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger';

type NativeButton = Omit<ComponentPropsWithRef<'button'>, 'children'>;

export interface ButtonProps extends NativeButton {
  /** `primary` at most once in a view. */
  readonly kind?: ButtonKind;
  readonly icon?: ReactNode;
  /** What was pressed goes on: shown, and further presses are not heard. */
  readonly busy?: boolean;
  /** Why it cannot be pressed now; it stays reachable by keyboard, so that everyone can read why. */
  readonly disabledReason?: string | null | undefined;
  /** Keys that do the same, printed in the button; the page listens for them. */
  readonly keys?: string | undefined;
  /** A verb with its object: "Train", "Serve this version". */
  readonly children: ReactNode;
}

export function Button(props: ButtonProps) {
  const { kind = 'plain', icon, busy = false, disabledReason, keys, className, children, ...rest } = props;
  return (
    <Pressable
      {...rest}
      busy={busy}
      disabledReason={disabledReason}
      keys={keys}
      className={classes(styles['button'], styles[kind], className)}
    >
      {busy ? <Spinner size="small" silent /> : icon}
      <span className={styles['words']}>{children}</span>
      {keys !== undefined && <Keys keys={keys} className={styles['keys']} />}
    </Pressable>
  );
}

export interface IconButtonProps extends NativeButton {
  /** What it does; read out and shown on hover. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly kind?: 'plain' | 'quiet';
  readonly keys?: string | undefined;
  readonly busy?: boolean;
  readonly disabledReason?: string | null | undefined;
}

export function IconButton({
  label,
  icon,
  kind = 'quiet',
  keys,
  busy = false,
  disabledReason,
  className,
  ...rest
}: IconButtonProps) {
  const button = (
    <Pressable
      {...rest}
      busy={busy}
      keys={keys}
      disabledReason={disabledReason}
      hasTooltip
      aria-label={label}
      className={classes(styles['button'], styles[kind], styles['square'], className)}
    >
      {busy ? <Spinner size="small" silent /> : icon}
    </Pressable>
  );
  return (
    <Tooltip text={disabledReason ?? label} keys={keys}>
      {button}
    </Tooltip>
  );
}

interface PressableProps extends NativeButton {
  readonly busy: boolean;
  readonly disabledReason: string | null | undefined;
  readonly keys: string | undefined;
  readonly hasTooltip?: boolean;
  readonly children: ReactNode;
}

function Pressable({
  busy,
  disabledReason,
  keys,
  hasTooltip = false,
  onClick,
  type = 'button',
  children,
  ...rest
}: PressableProps) {
  const isMac = useIsMac();
  const reasonId = useId();
  const reason = disabledReason ?? null;
  const blocked = busy || reason !== null;
  const press = (event: MouseEvent<HTMLButtonElement>): void => {
    if (blocked) event.preventDefault();
    else onClick?.(event);
  };
  const button = (
    <button
      {...rest}
      type={type}
      onClick={press}
      aria-disabled={blocked || undefined}
      aria-busy={busy || undefined}
      aria-describedby={reason === null ? rest['aria-describedby'] : reasonId}
      aria-keyshortcuts={keys === undefined ? undefined : ariaKeys(keys, isMac)}
    >
      {children}
      {reason !== null && (
        <span id={reasonId} hidden>
          {reason}
        </span>
      )}
    </button>
  );
  return reason === null || hasTooltip ? button : <Tooltip text={reason}>{button}</Tooltip>;
}

export { ExternalLink, LinkButton, type ExternalLinkProps, type LinkButtonProps } from './link-button.tsx';
