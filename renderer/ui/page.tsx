import { lazy, Suspense, type ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './page.module.css';
import { useUiWords } from './ui-words.ts';
import { narrowForInspector, useMedia } from './use-media.ts';
import { useScrollPlace } from './use-scroll-place.ts';

/** Only a narrow window needs it, so it does not come with the first load. */
const Sheet = lazy(() => import('./sheet.tsx').then(({ Sheet: sheet }) => ({ default: sheet })));

export interface PageProps {
  readonly title: ReactNode;
  /** Name of the window and its tab where the title is not text. */
  readonly windowTitle?: string | undefined;
  readonly subtitle?: ReactNode;
  /** At the right of the title; the one primary button last. */
  readonly actions?: ReactNode;
  /** Details of what is selected, at the right; over the page where the window is narrow. */
  readonly inspector?: ReactNode;
  readonly inspectorTitle?: ReactNode;
  /** Selects nothing. Needed for the narrow window; without it the inspector then stands below the content. */
  readonly onInspectorClose?: (() => void) | undefined;
  /** `fill`: the content has exactly the height that is left and scrolls by itself (tables, panes). */
  readonly layout?: 'scroll' | 'fill';
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

/** A place in the frame: title and actions, the content, and an inspector when a thing is selected. */
export function Page(props: PageProps) {
  const {
    title,
    windowTitle,
    subtitle,
    actions,
    inspector,
    inspectorTitle,
    onInspectorClose,
    layout = 'scroll',
    children,
    className,
    ...rest
  } = props;
  const narrow = useMedia(narrowForInspector);
  const scrollPlace = useScrollPlace('page');
  const name = windowTitle ?? (typeof title === 'string' ? title : null);
  const hasInspector = inspector !== undefined && inspector !== null && inspector !== false;
  const inSheet = hasInspector && narrow && onInspectorClose !== undefined;
  return (
    <div className={classes(styles['page'], className)} {...rest}>
      {name !== null && <title>{`${name} · Forge`}</title>}
      <header className={styles['header']}>
        <div className={styles['titles']}>
          <h1 className={styles['title']}>{title}</h1>
          {subtitle !== undefined && <div className={styles['subtitle']}>{subtitle}</div>}
        </div>
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </header>
      <div className={classes(styles['columns'], narrow && styles['stacked'])}>
        <div className={classes(styles['content'], styles[layout])} data-scroll-restoration-id={scrollPlace}>
          {children}
        </div>
        {hasInspector && !inSheet && <Inspector title={inspectorTitle}>{inspector}</Inspector>}
      </div>
      {inSheet && <InspectorSheet title={inspectorTitle} onClose={onInspectorClose} content={inspector} />}
    </div>
  );
}

function Inspector({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  const words = useUiWords();
  return (
    <aside className={styles['inspector']} aria-label={typeof title === 'string' ? title : words('inspector')}>
      {title !== undefined && <h2 className={styles['inspectorTitle']}>{title}</h2>}
      {children}
    </aside>
  );
}

interface InspectorSheetProps {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly content: ReactNode;
}

function InspectorSheet({ title, onClose, content }: InspectorSheetProps) {
  const words = useUiWords();
  return (
    <Suspense>
      <Sheet open modal={false} onClose={onClose} title={title ?? words('inspector')}>
        {content}
      </Sheet>
    </Suspense>
  );
}

export interface SectionProps {
  readonly title: ReactNode;
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly id?: string | undefined;
  readonly className?: string | undefined;
}

/** A titled part of a page. */
export function Section({ title, hint, actions, children, id, className, ...rest }: SectionProps) {
  return (
    <section id={id} className={classes(styles['section'], className)} {...rest}>
      <div className={styles['sectionHeader']}>
        <div>
          <h2>{title}</h2>
          {hint !== undefined && <p className={styles['sectionHint']}>{hint}</p>}
        </div>
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}

export interface PanelProps {
  readonly children: ReactNode;
  /** `none` for a table or a chart that reaches the edge. */
  readonly padding?: 'normal' | 'none';
  readonly className?: string | undefined;
}

/** A raised ground for what belongs together. Not everything needs one: prefer space. */
export function Panel({ children, padding = 'normal', className, ...rest }: PanelProps) {
  return (
    <div className={classes(styles['panel'], padding === 'none' && styles['bare'], className)} {...rest}>
      {children}
    </div>
  );
}
