import { z } from 'zod';
import { viewStep } from './dataset-versions.ts';

/** Id of a domain: the name of its file, and what rows carry as `domain`. */
export const domainId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'small letters, digits and hyphens, at most 40, a letter or digit first');

/** The four parts of a score; each is a share of 100 points. */
export const scoreParts = ['structure', 'correctness', 'similarity', 'completeness'] as const;

const weights = z.partialRecord(
  z.enum(scoreParts),
  z.looseObject({ weight: z.number('a number from 0 to 100').min(0).max(100) }),
);

const scoring = weights.refine(
  (parts) => Math.abs(Object.values(parts).reduce((sum, { weight }) => sum + weight, 0) - 100) < 0.001,
  'the weights of all parts together must be 100',
);

const wholeNumber = (minimum: number, maximum: number) =>
  z.int(`a whole number from ${minimum} to ${maximum}`).min(minimum).max(maximum);

/** A file of a pack: a path below the folder its own file lies in. */
const fileBelow = z
  .string()
  .max(200)
  .regex(/^(?!\/)(?!.*\\)(?!.*(^|\/)\.\.(\/|$)).+$/, 'a path below the folder of the pack, without ..');

/** `domains/<id>.json`. Keys that Forge does not know are kept as they are. */
export const domainPack = z.looseObject({
  id: domainId,
  name: z.string().min(1).max(100),
  description: z.string().max(2_000).default(''),
  base_model: z.string().max(300).optional(),
  model_prefix: z.string().max(60).optional(),
  system_prompt: z.string().min(1).max(20_000),
  data: z
    .looseObject({
      /** Characters of an answer, at the least (D-8). */
      min_response_length: wholeNumber(0, 1_000_000).default(100),
      require_code_blocks: z.boolean('true or false').default(false),
      dedup_by_hash: z.boolean('true or false').default(true),
      /** Packs of detectors beside the built-in ones (D-13). */
      pii_packs: z.array(domainId).max(20).default([]),
      /** A version is not frozen while findings are unreviewed (D-13). */
      pii_review: z.boolean('true or false').default(false),
    })
    .prefault({}),
  eval: z
    .looseObject({
      has_executable_tests: z.boolean('true or false').default(false),
      scoring: scoring.default({
        structure: { weight: 25 },
        correctness: { weight: 40 },
        similarity: { weight: 20 },
        completeness: { weight: 15 },
      }),
      /** Benchmark tasks (JSON Lines); the file need not be there yet. */
      tasks: fileBelow.optional(),
    })
    .prefault({}),
  training: z
    .looseObject({
      iterations: wholeNumber(1, 1_000_000).optional(),
      batch_size: wholeNumber(1, 1_024).optional(),
      learning_rate: z.number('a number above 0').positive().max(1).optional(),
      num_layers: wholeNumber(1, 1_000).optional(),
    })
    .optional(),
  ollama: z
    .looseObject({
      temperature: z.number('a number from 0 to 2').min(0).max(2).optional(),
      top_p: z.number('a number from 0 to 1').min(0).max(1).optional(),
      num_ctx: wholeNumber(128, 10_000_000).optional(),
    })
    .optional(),
  /** Hand-written examples that come with the pack. */
  samples: z
    .looseObject({ file: fileBelow, licence: z.string().min(1).max(100), rows: wholeNumber(1, 1_000_000) })
    .optional(),
  safety_notes: z.array(z.string().min(1).max(500)).max(50).default([]),
});
export type DomainPack = z.infer<typeof domainPack>;

/** One thing wrong in a pack: where (`$.data.min_response_length`), what, and what to write instead. */
export const domainProblem = z.object({ path: z.string(), message: z.string(), remedy: z.string() });
export type DomainProblem = z.infer<typeof domainProblem>;

/** A pack as it is shown: with its files as absolute paths, and the filters it sets. */
export const shownDomain = z.object({
  id: domainId,
  /** Absolute path of its JSON file. */
  file: z.string(),
  isOwn: z.boolean(),
  /** Null when something is wrong in it; `problems` says what. */
  pack: domainPack.nullable(),
  problems: z.array(domainProblem),
  samplesFile: z.string().nullable(),
  steps: z.array(viewStep),
});
export type ShownDomain = z.infer<typeof shownDomain>;
