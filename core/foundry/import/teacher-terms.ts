/** What the terms of a hosted teacher say about training on its answers. */
export type TeacherTerms = 'allows' | 'forbids' | 'review';

/** Licences of open weights that allow training other models on what they write. */
const freeLicences = /^(apache-2\.0|mit|bsd(-\d-clause)?|cc0(-1\.0)?|cc-by-4\.0|isc)$/i;

/**
 * The default table of D-14: answers of open-weight models are judged by their licence, those of hosted providers wait for the person's decision. Nothing is
 * decided silently, so whatever is not known is `review`.
 * @param teacher `provider/model`
 */
export function teacherTerms(teacher: string, licence: string | undefined): TeacherTerms {
  const [provider = ''] = teacher.toLowerCase().split('/');
  const isHosted =
    /^(openai|anthropic|google|x-ai|xai|cohere|perplexity|azure|amazon|mistral|deepseek|openrouter)$/.test(provider);
  return !isHosted && licence !== undefined && freeLicences.test(licence) ? 'allows' : 'review';
}

const hostedModels: readonly (readonly [RegExp, string])[] = [
  [/^(gpt-|chatgpt|o[134](-|$)|text-davinci)/i, 'openai'],
  [/^claude/i, 'anthropic'],
  [/^(gemini|palm|bard)/i, 'google'],
  [/^grok/i, 'x-ai'],
];

/** `provider/model` for a bare model name whose provider is known; undefined for one that may be anything. */
export function teacherOfModel(model: string): string | undefined {
  const provider = hostedModels.find(([pattern]) => pattern.test(model))?.[1];
  return provider === undefined ? undefined : `${provider}/${model}`;
}
