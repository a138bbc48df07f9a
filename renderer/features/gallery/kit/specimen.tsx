import type { ReactNode } from 'react';
import styles from './specimen.module.css';

/** A sheet of the kit's gallery: titled rows of one component in its states. */
export function Sheet({ children, narrow = false }: { readonly children: ReactNode; readonly narrow?: boolean }) {
  return (
    <div className={styles['sheet']} data-narrow={narrow || undefined}>
      {children}
    </div>
  );
}

export interface SpecimenProps {
  readonly title: string;
  readonly children: ReactNode;
  /** One under the other instead of beside. */
  readonly column?: boolean;
}

export function Specimen({ title, children, column = false }: SpecimenProps) {
  return (
    <section className={styles['specimen']}>
      <h2 className={styles['title']}>{title}</h2>
      <div className={styles['things']} data-column={column || undefined}>
        {children}
      </div>
    </section>
  );
}
