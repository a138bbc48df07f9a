import type { ServingView } from '#contract/serving-state.ts';
import type { ServerData, ServerStoreState } from '../server-store.ts';

/** What the page can do; the store's own acts. */
export type ServerActs = Omit<ServerStoreState, keyof ServerData | 'open'>;

export interface ServerPartProps {
  readonly serving: ServingView;
  readonly data: ServerData;
  readonly acts: ServerActs;
}
