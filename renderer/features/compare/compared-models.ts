import type { ComparableModel, ComparedModel, ComparisonView } from '#contract/comparisons.ts';

/** The same text for the same model: for keys, and for models in an address. */
export function modelKey(model: ComparedModel): string {
  return model.kind === 'cloud' ? `cloud/${model.provider}/${model.model}` : `${model.kind}/${model.model}`;
}

/** The model of a key; null for anything that is no key. */
export function modelOfKey(key: string): ComparedModel | null {
  const [kind, ...rest] = key.split('/');
  const name = rest.join('/');
  if (name === '') return null;
  if (kind === 'local' || kind === 'ollama') return { kind, model: name };
  const [provider = '', ...parts] = rest;
  const model = parts.join('/');
  return kind === 'cloud' && provider !== '' && model !== '' ? { kind, provider, model } : null;
}

/** A new comparison with these models already chosen, as a link inside Forge. */
export function compareLink(models: readonly ComparedModel[]): string {
  return `/compare?models=${models.map((model) => encodeURIComponent(modelKey(model))).join(',')}`;
}

/** The models of such a link's `models`; what is no model is left out. */
export function modelsOfLink(value: unknown): readonly ComparedModel[] {
  if (typeof value !== 'string') return [];
  return value.split(',').flatMap((part) => modelOfKey(decoded(part)) ?? []);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    // A stray per cent sign, typed by hand: the part is then what it says.
    if (error instanceof URIError) return part;
    throw error;
  }
}

/** The letter of a pane: A to D. */
export function paneLetter(pane: number): string {
  return String.fromCodePoint(65 + pane);
}

export interface ModelGroup {
  /** "on this machine", "Ollama", the provider's name. */
  readonly place: string;
  readonly models: readonly ComparableModel[];
}

/** Models by place, in the order in which the engine gives them; `filter` keeps those whose name or place contains it. */
export function groupModels(models: readonly ComparableModel[], filter: string): readonly ModelGroup[] {
  const wanted = filter.trim().toLowerCase();
  const kept = models.filter(({ label, place }) => `${label} ${place}`.toLowerCase().includes(wanted));
  return [...Map.groupBy(kept, ({ place }) => place)].map(([place, own]) => ({ place, models: own }));
}

/** Where the person mends what keeps a model from being asked; null when that is outside of Forge. */
export function obstacleRemedy(model: ComparedModel): 'providers' | 'create' | null {
  if (model.kind === 'cloud') return 'providers';
  return model.kind === 'local' ? 'create' : null;
}

/** The models of a comparison in one line; letters while they are hidden. */
export function modelsLine({ models }: Pick<ComparisonView, 'models'>): string {
  return models.map(({ label }) => label).join(' · ');
}

/** What is wrong, without the advice behind it: the advice is a button. */
export function firstSentence(text: string): string {
  const end = text.search(/\.\s/);
  return end < 0 ? text : text.slice(0, end + 1);
}
