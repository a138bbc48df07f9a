import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { OllamaStatus } from '#contract/serving.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../connection/engine-access.ts';

export interface ServeState {
  readonly ollama: OllamaStatus | null;
  readonly busy: 'serve' | 'ollama' | null;
  readonly failure: ForgeErrorData | null;
  /** What Ollama calls it now; empty when it is not there. */
  readonly ollamaNames: readonly string[];
  look(): Promise<void>;
  /** Starts the server if need be, gives this version the bare name, and brings it into memory. */
  serve(name: string, version: number): Promise<void>;
  toOllama(name: string, version: number): Promise<void>;
}

export function createServeStore(engine: EngineAccess): StoreApi<ServeState> {
  return createStore<ServeState>((set) => {
    const during = async (busy: 'serve' | 'ollama', work: () => Promise<void>): Promise<void> => {
      set({ busy, failure: null });
      try {
        await work();
      } catch (error) {
        set({ failure: failureOf(error) });
      } finally {
        set({ busy: null });
      }
    };
    return {
      ollama: null,
      busy: null,
      failure: null,
      ollamaNames: [],
      async look() {
        set({ failure: null, ollamaNames: [] });
        // A missing Ollama is a state with a reason, not a failure of this page.
        set({ ollama: await engine.call((client) => client.deployments.ollama()).catch(() => null) });
      },
      serve: (name, version) =>
        during('serve', async () => {
          await engine.call((client) => client.serving.start({ requestId: newRequestId() }));
          await engine.call((client) => client.serving.choose({ name, version, requestId: newRequestId() }));
          await engine.call((client) =>
            client.serving.load({ model: `${name}:v${version}`, requestId: newRequestId() }),
          );
        }),
      toOllama: (name, version) =>
        during('ollama', async () => {
          const model = `${name}:v${version}`;
          const { used, names, reason } = await engine.call((client) =>
            client.deployments.toOllama({ model, requestId: newRequestId() }),
          );
          set({ ollamaNames: names });
          if (!used) throw new Error(reason);
        }),
    };
  });
}
