import { ForgeError } from '#contract/errors.ts';
import type { ChatEvent, ChatRequest, ModelServerStatus, ServedModel } from '#contract/serving.ts';
import type { ModelServer } from '#core/ports/model-server.ts';

export interface ServedModelsOptions {
  /** Makes a model server; called once for each model that is held in memory at a time. */
  readonly startServer: () => ModelServer;
  /** How many models may be in memory at the same time; default 1. A second one that does not fit takes the place of the first. */
  readonly maximumLoaded?: number;
  /** Models that are known elsewhere, such as finished versions on disk; asked at every listing and every request. */
  readonly source?: () => Promise<readonly ServedModel[]>;
  /** Requests that may wait for another model to leave; default 32. */
  readonly waitLimit?: number;
}

/** What may be of interest to who shows the models: an answer began or ended (queueing and loading are part of it), or a model came or went. */
export type ServedModelsChange = 'answer-begun' | 'answer-ended' | 'servers';

export interface ServedModels {
  /** Makes files known under names, each in place of what had this name. */
  add(models: readonly ServedModel[]): Promise<void>;
  /** Forgets a name that was added; false when there is none. An answer under way is not disturbed. */
  remove(name: string): Promise<boolean>;
  /** What was added and what the source knows, by name. */
  list(): Promise<ServedModel[]>;
  /** The model of a name; a name without a tag means its `latest`. */
  find(name: string): Promise<ServedModel | null>;
  /** Answers with a served model, loading it first when needed. */
  chat(name: string, request: ChatRequest, signal?: AbortSignal): AsyncIterable<ChatEvent>;
  /** Does work with the model server that has this model loaded; it is not switched to another model meanwhile. */
  use<T>(name: string, work: (server: ModelServer) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** For each model server, by path of what it holds or last held. */
  status(): readonly (ModelServerStatus & { readonly path: string })[];
  setThreads(threads: number): Promise<void>;
  /** Frees the memory once the answers that run have ended; later requests wait for that and load again. Without a name: of every model. @throws ForgeError `serving.unknown-model`, `serving.cancelled` */
  unload(name?: string, signal?: AbortSignal): Promise<void>;
  /** The same for a file, whatever names it has or had; nothing where it is not held. */
  letGo(path: string): Promise<void>;
  /** Calls the listener at each change until the function it returns is called. */
  onChange(listener: (change: ServedModelsChange) => void): () => void;
  dispose(): Promise<void>;
}

interface Place {
  readonly server: ModelServer;
  path: string;
  contextTokens: number | undefined;
  users: number;
  lastUsed: number;
}

/** One in the queue; `start` is false while it has to wait on. */
interface Waiting {
  readonly start: () => boolean;
}

/** The served names and the few models that are in memory. Requests are let in in order, also when they need different models. */
export function createServedModels(options: ServedModelsOptions): ServedModels {
  return new ServedModelsInMemory(options);
}

class ServedModelsInMemory implements ServedModels {
  readonly #startServer: () => ModelServer;
  readonly #source: () => Promise<readonly ServedModel[]>;
  readonly #maximumLoaded: number;
  readonly #waitLimit: number;
  readonly #models = new Map<string, ServedModel>();
  readonly #waiting: Waiting[] = [];
  readonly #listeners = new Set<(change: ServedModelsChange) => void>();
  #places: Place[] = [];
  #threads: number | null = null;
  #uses = 0;

  constructor(options: ServedModelsOptions) {
    this.#startServer = options.startServer;
    this.#source = options.source ?? (() => Promise.resolve([]));
    this.#maximumLoaded = options.maximumLoaded ?? 1;
    this.#waitLimit = options.waitLimit ?? 32;
  }

  add(models: readonly ServedModel[]): Promise<void> {
    for (const model of models) this.#models.set(model.name, model);
    return Promise.resolve();
  }

  remove(name: string): Promise<boolean> {
    return Promise.resolve(this.#models.delete(name));
  }

  async list(): Promise<ServedModel[]> {
    const found = new Map((await this.#source()).map((model) => [model.name, model]));
    for (const [name, model] of this.#models) found.set(name, model);
    return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name));
  }

  async find(name: string): Promise<ServedModel | null> {
    const models = await this.list();
    const named = (wanted: string) => models.find((model) => model.name === wanted);
    return named(name) ?? named(`${name}:latest`) ?? null;
  }

  async *chat(name: string, request: ChatRequest, signal?: AbortSignal): AsyncGenerator<ChatEvent, void, void> {
    this.#tell('answer-begun');
    try {
      const place = await this.#enter(name, signal);
      try {
        yield* place.server.chat(request, signal);
      } finally {
        this.#leave(place);
      }
    } finally {
      this.#tell('answer-ended');
    }
  }

  async use<T>(name: string, work: (server: ModelServer) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const place = await this.#enter(name, signal);
    try {
      return await work(place.server);
    } finally {
      this.#leave(place);
    }
  }

  status(): readonly (ModelServerStatus & { readonly path: string })[] {
    return this.#places.map(({ server, path }) => ({ ...server.status(), path }));
  }

  async setThreads(threads: number): Promise<void> {
    this.#threads = threads;
    await Promise.all(this.#places.map(({ server }) => server.setThreads(threads)));
  }

  async unload(name?: string, signal?: AbortSignal): Promise<void> {
    const model = name === undefined ? null : await this.find(name);
    if (name !== undefined && !model) throw new ForgeError('serving.unknown-model', { model: name });
    const places = this.#places.filter((place) => model === null || holds(place, model));
    await Promise.all(places.map((place) => this.#unloadPlace(place, signal)));
  }

  async letGo(path: string): Promise<void> {
    await Promise.all(this.#places.filter((place) => place.path === path).map((place) => this.#unloadPlace(place)));
  }

  async #unloadPlace(place: Place, signal?: AbortSignal): Promise<void> {
    const { path } = place;
    const taken = await this.#inOrder(() => takeAlone(place, path), signal);
    if (taken === 'not loaded') return;
    try {
      await taken.server.unload();
    } finally {
      this.#leave(taken);
      this.#tell('servers');
    }
  }

  onChange(listener: (change: ServedModelsChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(change: ServedModelsChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#places.map(({ server }) => server.dispose()));
    this.#places = [];
  }

  /** A place with the model in it, counted as used by the caller. */
  async #enter(name: string, signal: AbortSignal | undefined): Promise<Place> {
    const model = await this.find(name);
    if (!model) throw new ForgeError('serving.unknown-model', { model: name });
    const place = await this.#placeFor(model, signal);
    try {
      await this.#load(place, model, signal);
      this.#tell('servers');
      return place;
    } catch (failure) {
      this.#leave(place);
      throw failure;
    }
  }

  async #placeFor(model: ServedModel, signal: AbortSignal | undefined): Promise<Place> {
    return this.#inOrder(() => this.#findPlace(model), signal);
  }

  /** What `take` gives, at once when it gives something and nobody waits; else in order. */
  async #inOrder<T>(take: () => T | null, signal: AbortSignal | undefined): Promise<T> {
    if (this.#waiting.length === 0) {
      const taken = take();
      if (taken !== null) return taken;
    }
    if (this.#waiting.length >= this.#waitLimit) {
      const running = this.#places.reduce((sum, { users }) => sum + users, 0);
      throw new ForgeError('serving.busy', { running, waiting: this.#waiting.length, retryAfterSeconds: 5 });
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new ForgeError('serving.cancelled'));
        this.#letIn();
      };
      const waiting: Waiting = {
        start: () => {
          const taken = take();
          if (taken === null) return false;
          signal?.removeEventListener('abort', onAbort);
          resolve(taken);
          return true;
        },
      };
      this.#waiting.push(waiting);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #findPlace(model: ServedModel): Place | null {
    const place = this.#places.find((each) => holds(each, model)) ?? this.#newPlace(model) ?? this.#idlePlace();
    if (!place) return null;
    place.path = model.path;
    place.contextTokens = model.contextTokens;
    place.users += 1;
    place.lastUsed = ++this.#uses;
    return place;
  }

  #newPlace({ path, contextTokens }: ServedModel): Place | null {
    if (this.#places.length >= this.#maximumLoaded) return null;
    const place: Place = { server: this.#startServer(), path, contextTokens, users: 0, lastUsed: 0 };
    this.#places.push(place);
    return place;
  }

  #idlePlace(): Place | null {
    return this.#places.filter(({ users }) => users === 0).toSorted((a, b) => a.lastUsed - b.lastUsed)[0] ?? null;
  }

  #leave(place: Place): void {
    place.users -= 1;
    this.#letIn();
  }

  #letIn(): void {
    while (this.#waiting[0]?.start()) this.#waiting.shift();
  }

  async #load(place: Place, model: ServedModel, signal: AbortSignal | undefined): Promise<void> {
    const { path, contextTokens } = model;
    const load = () => place.server.load({ path, ...(contextTokens === undefined ? {} : { contextTokens }) }, signal);
    if (this.#threads !== null) await place.server.setThreads(this.#threads);
    try {
      await load();
    } catch (failure) {
      if (!(failure instanceof ForgeError) || failure.code !== 'serving.not-enough-memory') throw failure;
      const others = this.#places.filter((other) => other !== place && other.users === 0);
      if (others.length === 0) throw failure;
      await Promise.all(others.map(({ server }) => server.unload()));
      await load();
    }
  }
}

const holds = (place: Place, model: ServedModel): boolean =>
  place.path === model.path && place.contextTokens === model.contextTokens;

/** The place once nobody uses it, counted as used by the caller; null while somebody does. */
function takeAlone(place: Place, path: string): Place | 'not loaded' | null {
  const isHeld = place.path === path && (place.users > 0 || place.server.status().model !== null);
  if (!isHeld) return 'not loaded';
  if (place.users > 0) return null;
  place.users += 1;
  return place;
}
