import type { ReactNode } from 'react';
import type { DraftStep } from '#contract/drafts.ts';
import type { Draft } from '../draft-state.ts';
import type { DraftsState } from '../drafts-store.ts';

/** What the wizard gives each of its steps. */
export interface StepProps {
  readonly draft: Draft;
  /** The right side; steps whose consequence is something else leave it out. */
  readonly consequence: ReactNode;
  readonly saving: DraftsState['saving'];
  readonly onGo: (step: DraftStep) => void;
}
