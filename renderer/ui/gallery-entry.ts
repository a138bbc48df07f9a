import type { ReactNode } from 'react';

/** One state of one component, shown alone at `/gallery/<id>` from fixtures, without an engine. */
export interface GalleryEntry {
  /** `feature/state`, in lower case: the address and the name of its picture. */
  readonly id: string;
  readonly title: string;
  render(): ReactNode;
}
