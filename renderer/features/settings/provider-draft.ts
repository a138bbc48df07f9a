import { suggestModelName } from '#contract/main-job.ts';
import type { ProviderFormat } from '#contract/providers.ts';

/** A server of the person's own, as `providers.save` takes it. */
export interface ProviderDraft {
  readonly id: string;
  readonly name: string;
  readonly format: ProviderFormat;
  readonly address: string;
  readonly models: readonly string[];
  readonly needsKey: boolean;
}

/** What stands in the fields. */
export interface ProviderForm {
  readonly name: string;
  readonly format: ProviderFormat;
  readonly address: string;
  /** One a line, or with commas. */
  readonly models: string;
  readonly needsKey: boolean;
}

export const emptyForm: ProviderForm = {
  name: '',
  format: 'openai-compatible',
  address: '',
  models: '',
  needsKey: true,
};

export type ProviderMistake =
  'nameMissing' | 'nameTaken' | 'addressMissing' | 'addressNotUrl' | 'addressNotSafe' | 'tooManyModels';

export type ReadForm =
  | { readonly kind: 'ready'; readonly draft: ProviderDraft }
  | { readonly kind: 'wrong'; readonly mistakes: ReadonlyMap<keyof ProviderForm, ProviderMistake> };

const mostModels = 100;
const longestId = 40;

/** The fields as a provider, or what is wrong with each. `taken`: ids that exist. */
export function readForm(form: ProviderForm, taken: readonly string[]): ReadForm {
  const id = idOf(form.name);
  const models = form.models
    .split(/[\n,]/)
    .map((model) => model.trim())
    .filter((model) => model !== '');
  const mistakes = new Map<keyof ProviderForm, ProviderMistake>();
  if (form.name.trim() === '') mistakes.set('name', 'nameMissing');
  else if (taken.includes(id)) mistakes.set('name', 'nameTaken');
  const address = addressMistake(form.address.trim());
  if (address !== null) mistakes.set('address', address);
  if (models.length > mostModels) mistakes.set('models', 'tooManyModels');
  if (mistakes.size > 0) return { kind: 'wrong', mistakes };
  const { format, needsKey } = form;
  return {
    kind: 'ready',
    draft: { id, name: form.name.trim(), format, needsKey, address: form.address.trim(), models: [...new Set(models)] },
  };
}

/** Letters, digits and dashes; what the contract allows. */
function idOf(name: string): string {
  return suggestModelName(name).replaceAll(/[._]/g, '-').slice(0, longestId).replace(/-+$/, '') || 'server';
}

function addressMistake(address: string): ProviderMistake | null {
  if (address === '') return 'addressMissing';
  if (!URL.canParse(address)) return 'addressNotUrl';
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:') return null;
  if (protocol !== 'http:') return 'addressNotUrl';
  const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
  return isHere ? null : 'addressNotSafe';
}
