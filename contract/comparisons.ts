import { z } from 'zod';
import { forgeErrorData } from './error-data.ts';
import { preferenceRow, sftRow } from './rows.ts';
import { chatUsage } from './serving.ts';

/** Where an answer comes from. `local`: a served version or an embedded base; `ollama`: any model of the local Ollama; `cloud`: a provider. */
export const comparedModel = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('local'), model: z.string().min(1).max(200) }),
  z.object({ kind: z.literal('ollama'), model: z.string().min(1).max(200) }),
  z.object({ kind: z.literal('cloud'), provider: z.string().min(1).max(60), model: z.string().min(1).max(200) }),
]);
export type ComparedModel = z.infer<typeof comparedModel>;

/** US dollars for a million tokens, as the provider publishes them; the date says how old that is. */
export const tokenPrice = z.object({ inputUsd: z.number(), outputUsd: z.number(), asOf: z.string() });
export type TokenPrice = z.infer<typeof tokenPrice>;

/** A model that a pane can take. */
export const comparableModel = z.object({
  model: comparedModel,
  label: z.string(),
  /** For people: "on this machine", "Ollama", the provider's name. */
  place: z.string(),
  /** Null: ready. A sentence with the remedy otherwise ("no key for OpenAI yet"). */
  obstacle: z.string().nullable(),
  price: tokenPrice.nullable(),
});
export type ComparableModel = z.infer<typeof comparableModel>;

export const comparisonLimits = { panes: 4, promptCharacters: 200_000, prompts: 2_000 } as const;

export const comparisonSettings = z.object({
  temperature: z.number().min(0).max(2).default(0),
  maximumTokens: z.number().int().min(1).max(32_768).default(512),
  systemPrompt: z.string().max(20_000).nullable().default(null),
  /** Names hidden and order shuffled until the turn was voted on. */
  blind: z.boolean().default(true),
  /** Cloud panes stop before this much was spent; null: no cloud pane may run without an estimate below one dollar. */
  capUsd: z.number().positive().max(10_000).nullable().default(null),
});
export type ComparisonSettings = z.infer<typeof comparisonSettings>;

/** Where the prompts of a set come from: the file's user messages, its held-out side alone, or lines that were typed. */
export const promptSet = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('typed'), prompts: z.array(z.string().min(1).max(200_000)).min(1).max(2_000) }),
  z.object({
    kind: z.literal('dataset'),
    path: z.string().min(1).max(4096),
    limit: z.number().int().min(1).max(2_000),
  }),
  z.object({ kind: z.literal('held-out'), mainJob: z.string().max(100), limit: z.number().int().min(1).max(2_000) }),
]);
export type PromptSet = z.infer<typeof promptSet>;

export const comparisonRequest = z.object({
  title: z.string().max(200).nullable().default(null),
  models: z.array(comparedModel).min(2).max(4),
  settings: comparisonSettings.prefault({}),
  prompts: promptSet,
});
export type ComparisonRequest = z.input<typeof comparisonRequest>;

export const comparedAnswer = z.object({
  /** Position of the pane as shown, 0.. ; under `blind` the order differs from turn to turn. */
  pane: z.number().int().min(0).max(3),
  /** "A".."D" until revealed, the model's label after. */
  label: z.string(),
  /** Null while the turn is blind. */
  model: comparedModel.nullable(),
  state: z.enum(['waiting', 'streaming', 'done', 'failed', 'stopped']),
  text: z.string(),
  failure: forgeErrorData.nullable(),
  usage: chatUsage.nullable(),
  firstTokenMs: z.number().nullable(),
  totalMs: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  /** 0 for models on this machine; null where the price is not known, and while the turn is blind: it tells a cloud from a model here. */
  costUsd: z.number().nullable(),
  /** Points against the expected answer, where the set has one. */
  points: z.number().min(0).max(100).nullable(),
});
export type ComparedAnswer = z.infer<typeof comparedAnswer>;

/** `none`: all are bad. */
export const vote = z.union([z.object({ pane: z.number().int().min(0).max(3) }), z.literal('tie'), z.literal('none')]);
export type Vote = z.infer<typeof vote>;

export const comparisonTurn = z.object({
  /** 0.. within the comparison. */
  turn: z.number().int().min(0),
  prompt: z.string(),
  expected: z.string().nullable(),
  answers: z.array(comparedAnswer),
  vote: vote.nullable(),
  /** The answer the person wished for, made from a pane's. */
  edited: z.object({ pane: z.number().int(), text: z.string() }).nullable(),
  revealed: z.boolean(),
  /** What of it became data. */
  kept: z.array(z.enum(['example', 'preference'])),
});
export type ComparisonTurn = z.infer<typeof comparisonTurn>;

export const comparisonView = z.object({
  id: z.string(),
  title: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  state: z.enum(['running', 'done', 'stopped', 'interrupted', 'capped']),
  settings: comparisonSettings,
  /** In the order they were asked for; while anything is blind the names are null and the labels "Model 1", "Model 2". */
  models: z.array(z.object({ model: comparedModel.nullable(), label: z.string() })),
  /** It began with several prompts, each asked anew: the table comes first. */
  isSet: z.boolean().optional(),
  turns: z.number().int().nonnegative(),
  finishedTurns: z.number().int().nonnegative(),
  etaSeconds: z.number().nullable(),
  /** What counts against the limit; where a price is not known, at the dearest price there is. */
  spentUsd: z.number().nonnegative(),
  /** Votes by model label, for those turns that were revealed; `ties` and `none` beside. */
  tally: z.object({ byModel: z.record(z.string(), z.number()), ties: z.number(), none: z.number() }),
  /** By model label, over the prompts that all models answered; null while anything is blind. */
  meanPoints: z.record(z.string(), z.number()).nullable(),
});
export type ComparisonView = z.infer<typeof comparisonView>;

/** What a reader of a comparison gets: its state, then turns as they change; `delta` only lengthens a text. */
export const comparisonEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('view'), view: comparisonView }),
  z.object({ kind: z.literal('turn'), turn: comparisonTurn }),
  z.object({ kind: z.literal('delta'), turn: z.number().int(), pane: z.number().int(), text: z.string() }),
]);
export type ComparisonEvent = z.infer<typeof comparisonEvent>;

export const costEstimate = z.object({
  prompts: z.number().int(),
  panes: z.array(
    z.object({
      label: z.string(),
      inputTokens: z.number(),
      outputTokensAtMost: z.number(),
      /** Null where the price is not known. */
      usdAtMost: z.number().nullable(),
    }),
  ),
  /** Null when any cloud pane has no known price. */
  usdAtMost: z.number().nullable(),
  secondsAbout: z.number().nullable(),
});
export type CostEstimate = z.infer<typeof costEstimate>;

/** One answer kept for learning: a row of `forge.row/1`, appended to `FORGE_HOME/datasets/kept/{examples,preferences}.jsonl`. */
export const keptRow = z.discriminatedUnion('kind', [sftRow, preferenceRow]);
export type KeptRow = z.infer<typeof keptRow>;
