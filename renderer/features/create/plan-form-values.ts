import type { MainJobDraft } from '#contract/drafts.ts';
import { mainJobRequest } from '#contract/main-job.ts';
import { recipeSettings, type RecipeSettings } from '#contract/recipes.ts';
import { z } from 'zod';

type Wishes = MainJobDraft['request'];

const { heldOutRows, seed, quantisation, systemPrompt, deployToOllama } = mainJobRequest.shape;

/** Decisions around the training that the form has beside the settings. Null: left to Forge. */
export const jobFields = z.object({
  heldOutRows: heldOutRows.nullable(),
  seed: seed.nullable(),
  quantisation: quantisation.nullable(),
  systemPrompt: systemPrompt.nullable(),
  export: z.boolean(),
  deployToOllama: deployToOllama.removeDefault(),
});
export type JobFields = z.infer<typeof jobFields>;

/** What the form holds: every setting with the value it will have. */
export const planFormSchema = z.object({ settings: recipeSettings, job: jobFields });
export type PlanFormValues = z.infer<typeof planFormSchema>;

/** The form for a plan: planned values where nothing was set by hand. */
export function formValues(request: Wishes, recipe: Readonly<Record<string, unknown>> | null): PlanFormValues {
  const { keepCheckpoints: _fixed, ...planned } = recipe ?? {};
  const settings = recipeSettings.safeParse({ ...planned, ...request.settings });
  return {
    settings: settings.success ? settings.data : (request.settings ?? {}),
    job: {
      heldOutRows: request.heldOutRows ?? null,
      seed: request.seed ?? null,
      quantisation: request.quantisation ?? null,
      systemPrompt: request.systemPrompt ?? null,
      export: request.export ?? true,
      deployToOllama: request.deployToOllama ?? 'auto',
    },
  };
}

/** One setting put by hand, or, with undefined, given back to Forge. */
export function withSetting(request: Wishes, setting: keyof RecipeSettings, value: unknown): Wishes {
  const { [setting]: _old, ...others } = request.settings ?? {};
  const settings = value === undefined ? others : { ...others, [setting]: value };
  const { settings: _before, ...rest } = request;
  return Object.keys(settings).length === 0 ? rest : { ...rest, settings };
}

/** One decision of the job; null gives it back to Forge. */
export function withJobField<K extends keyof JobFields>(request: Wishes, field: K, value: JobFields[K]): Wishes {
  const { [field]: _old, ...rest } = request;
  return value === null || value === '' ? rest : { ...rest, [field]: value };
}
