import type { ComponentPropsWithRef, MouseEvent, ReactNode } from 'react';
import { useShell } from '../shell/use-shell.ts';
import type { ButtonKind } from './button.tsx';
import styles from './button.module.css';
import { classes } from './classes.ts';

type NativeAnchor = Omit<ComponentPropsWithRef<'a'>, 'href' | 'children'>;

export interface LinkButtonProps extends NativeAnchor {
  /** A place inside Forge: `/runs/abc`. */
  readonly to?: string | undefined;
  /** A page outside, https only; opened beside Forge. */
  readonly href?: string | undefined;
  readonly kind?: ButtonKind | 'link';
  readonly icon?: ReactNode;
  readonly children: ReactNode;
}

/** A link that looks like a button, because it is the next step. Links in running text are `<a>` or `ExternalLink`. */
export function LinkButton({ to, href, kind = 'plain', icon, className, children, onClick, ...rest }: LinkButtonProps) {
  const shell = useShell();
  const open = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    if (href === undefined || event.defaultPrevented) return;
    event.preventDefault();
    void shell.openExternal(href);
  };
  return (
    <a
      {...rest}
      href={href ?? `#${to ?? '/'}`}
      onClick={open}
      className={classes(styles['button'], styles[kind], className)}
    >
      {icon}
      <span className={styles['words']}>{children}</span>
    </a>
  );
}

export interface ExternalLinkProps {
  readonly href: string;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

/** A link in running text to a page outside of Forge. */
export function ExternalLink({ href, children, className }: ExternalLinkProps) {
  const shell = useShell();
  return (
    <a
      href={href}
      rel="noreferrer"
      className={className}
      onClick={(event) => {
        event.preventDefault();
        void shell.openExternal(href);
      }}
    >
      {children}
    </a>
  );
}
