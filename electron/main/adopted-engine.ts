import type Electron from 'electron';
import type { EngineProcess, EngineState } from './engine-process.ts';
import { findRunningEngine, relayToEngine, type RunningEngine } from './running-engine.ts';

const running: EngineState = { kind: 'running' };

/**
 * The engine's process, or the one that runs on this home already: two engines on one home would be refused anyway. When the adopted one
 * is gone, an own one is started in its place.
 */
export function adoptOrStart(
  own: EngineProcess,
  { home, onAdopted }: { readonly home: string; readonly onAdopted: () => void },
): EngineProcess {
  let adopted: RunningEngine | null = null;
  const lose = (): void => {
    if (adopted === null) return;
    adopted = null;
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
      else relayToEngine(port, adopted, lose);
    },
    retry: () => (adopted === null ? own.retry() : undefined),
    stop: () => own.stop(),
  };
}
