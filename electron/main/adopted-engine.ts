import type Electron from 'electron';
import type { EngineAddress } from '#contract/engine-address.ts';
import type { EngineProcess, EngineState } from './engine-process.ts';
import { endRunningEngine, findRunningEngine, relayToEngine } from './running-engine.ts';

export interface AdoptionEvents {
  readonly home: string;
  readonly onAdopted: () => void;
  /** The adopted one is gone; the own one is about to start and tells its states itself. */
  readonly onLost: () => void;
}

export interface AdoptingEngine extends EngineProcess {
  /** Ends an adopted engine that has let us in, and starts the own one; false when there is none or it does not end. */
  replaceAdopted(): Promise<boolean>;
}

const running: EngineState = { kind: 'running' };

/**
 * The engine's process, or the one that runs on this home already: two engines on one home would be refused anyway. When the adopted one
 * is gone, an own one is started in its place.
 */
export function adoptOrStart(own: EngineProcess, { home, onAdopted, onLost }: AdoptionEvents): AdoptingEngine {
  let adopted: EngineAddress | null = null;
  let hasLetUsIn = false;
  const lose = (): void => {
    if (adopted === null) return;
    adopted = null;
    onLost();
    own.start();
  };
  const start = async (): Promise<void> => {
    adopted = await findRunningEngine(home);
    if (adopted === null) own.start();
    else onAdopted();
  };
  return {
    get state() {
      return adopted === null ? own.state : running;
    },
    start: () => void start(),
    connect(port: Electron.MessagePortMain) {
      if (adopted === null) own.connect(port);
      else relayToEngine(port, adopted, { onOpen: () => (hasLetUsIn = true), onGone: lose });
    },
    retry: () => (adopted === null ? own.retry() : undefined),
    stop: () => own.stop(),
    async replaceAdopted() {
      const other = adopted;
      if (other === null || !hasLetUsIn || !(await endRunningEngine(other.pid))) return false;
      // Its lines have broken by now, and the first of them has started the own one.
      lose();
      return true;
    },
  };
}
