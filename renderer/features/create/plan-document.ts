import { isMap, isNode, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import type { MainJobDraft } from '#contract/drafts.ts';
import { mainJobRequest } from '#contract/main-job.ts';
import { recipeSettings, type RecipeSettings } from '#contract/recipes.ts';
import { planFields } from './plan-fields.ts';
import { settledWishes } from './settled-wishes.ts';

type Wishes = MainJobDraft['request'];
type Recipe = Readonly<Record<string, unknown>>;

/** What is not a setting. */
const { shape: rest } = mainJobRequest.omit({
  epochs: true,
  method: true,
  rank: true,
  learningRate: true,
  minutes: true,
  settings: true,
});

/** The plan as text: what the contract asks for, every key known, the wishes that are settings told as settings. */
export const planDocument = z
  .strictObject({ ...rest, settings: z.strictObject(recipeSettings.shape).optional() })
  .partial();

/** Text longer than this is no plan, in characters. */
const longestText = 100_000;

/** What is wrong, and where in the text: offsets in characters. */
export interface PlanProblem {
  readonly kind: 'syntax' | 'unknown-key' | 'too-small' | 'too-large' | 'type' | 'choice' | 'name' | 'unusable';
  /** `settings.rank`; empty for the whole text. */
  readonly path: string;
  /** What fills the sentence: a bound, the choices, the parser's words. */
  readonly detail: string;
  readonly from: number;
  readonly to: number;
}

export type PlanReading =
  { readonly ok: true; readonly request: Wishes } | { readonly ok: false; readonly problems: readonly PlanProblem[] };

/** The whole plan as YAML: each setting with the value it will have, planned or set by hand. `heading` becomes a comment on top. */
export function planText(request: Wishes, recipe: Recipe | null, heading: string): string {
  const document = parseDocument('{}');
  document.contents = document.createNode(shown(request, recipe)) as typeof document.contents;
  document.commentBefore = heading
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n');
  return document.toString({ lineWidth: 0 });
}

/** The same text with what changed written into it: order and comments stay. Text that cannot be read is left as it is. */
export function updatedPlanText(text: string, request: Wishes, recipe: Recipe | null): string {
  const document = parsed(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  const before = plainOf(document);
  if (before === null) return text;
  const after = shown(request, recipe);
  if (isSame(before, after)) return text;
  bringTo(document, [], { before, after });
  return document.toString({ lineWidth: 0 });
}

/**
 * The decisions in a text. A setting that has just the planned value is planned; any other is set by hand. A line taken out gives the
 * setting back to Forge.
 */
export function readPlanText(text: string, current: Wishes, recipe: Recipe | null): PlanReading {
  if (text.length > longestText) return { ok: false, problems: [whole('unusable', String(longestText), text)] };
  const document = parsed(text);
  const problems = document.errors.map(({ message, pos: [from, to] }): PlanProblem => ({
    kind: 'syntax',
    path: '',
    detail: firstLine(message),
    from,
    to,
  }));
  if (problems.length > 0) return { ok: false, problems };
  const plain = plainOf(document);
  if (plain === null) return { ok: false, problems: [whole('type', 'object', text)] };
  const read = planDocument.safeParse(plain);
  if (!read.success) return { ok: false, problems: read.error.issues.flatMap((issue) => problemsOf(issue, document)) };
  // The contract's defaults are filled in by parsing; only what is written was decided.
  const written = Object.fromEntries(Object.entries(read.data).filter(([key]) => key in plain));
  return { ok: true, request: withOwnSettings(written, current.settings ?? {}, recipe ?? {}) };
}

function withOwnSettings(read: z.infer<typeof planDocument>, own: RecipeSettings, recipe: Recipe): Wishes {
  const { settings: written = {}, ...others } = read;
  const set = Object.entries(written).filter(([key, value]) => {
    if (value === undefined) return false;
    return key in own || !isSame(value, recipe[key]);
  });
  const kept = Object.entries(others).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(kept), ...(set.length === 0 ? {} : { settings: Object.fromEntries(set) }) };
}

/** What stands in the text: the request, and under `settings` every value of the recipe. */
function shown(request: Wishes, recipe: Recipe | null): Record<string, unknown> {
  const { settings: own, ...others } = settledWishes(request);
  const { keepCheckpoints: _fixed, ...planned } = recipe ?? {};
  const all = inUsualOrder({ ...planned, ...own });
  const ordered = Object.fromEntries(
    Object.keys(rest)
      .filter((key) => key in others)
      .map((key) => [key, others[key as keyof typeof others]]),
  );
  return Object.keys(all).length === 0 ? ordered : { ...ordered, settings: all };
}

/** As the form has them; what the form does not know comes last. */
function inUsualOrder(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const usual = planFields.map(({ setting }): string => setting).filter((setting) => setting in settings);
  return Object.fromEntries([...new Set([...usual, ...Object.keys(settings)])].map((key) => [key, settings[key]]));
}

function parsed(text: string): Document.Parsed {
  return parseDocument(text.slice(0, longestText), { prettyErrors: false, uniqueKeys: true });
}

/** Null when the text is no map, or holds references (which a plan has no use for). */
function plainOf(document: Document.Parsed): Record<string, unknown> | null {
  if (document.contents === null) return {};
  if (!isMap(document.contents)) return null;
  try {
    return document.toJS({ maxAliasCount: 0 }) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof ReferenceError) return null;
    throw error;
  }
}

interface Change {
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

function bringTo(document: Document, path: readonly string[], { before, after }: Change): void {
  for (const key of Object.keys(before)) if (!(key in after)) document.deleteIn([...path, key]);
  for (const [key, value] of Object.entries(after)) {
    const old = before[key];
    if (isSame(old, value)) continue;
    if (isPlain(old) && isPlain(value)) bringTo(document, [...path, key], { before: old, after: value });
    // A plain value goes into the node that is there, which keeps the comment beside it.
    else document.setIn([...path, key], isScalarValue(value) ? value : document.createNode(value));
  }
}

function isScalarValue(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, document: Document.Parsed): PlanProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => at({ kind: 'unknown-key', detail: key }, [...issue.path, key], document));
  return [at(describe(issue), issue.path, document)];
}

function describe(issue: Issue): Pick<PlanProblem, 'kind' | 'detail'> {
  switch (issue.code) {
    case 'too_small':
      return { kind: 'too-small', detail: String(issue.minimum) };
    case 'too_big':
      return { kind: 'too-large', detail: String(issue.maximum) };
    case 'invalid_type':
      return { kind: 'type', detail: issue.expected };
    case 'invalid_value':
      return { kind: 'choice', detail: issue.values.map(String).join(', ') };
    case 'invalid_format':
      return { kind: 'name', detail: '' };
    default:
      return { kind: 'unusable', detail: issue.message };
  }
}

function at(
  what: Pick<PlanProblem, 'kind' | 'detail'>,
  path: readonly PropertyKey[],
  document: Document.Parsed,
): PlanProblem {
  const [from, to] = rangeOf(document, path);
  return { ...what, path: path.map(String).join('.'), from, to };
}

/** Where the value at a path stands; the nearest thing around it when it is not there. */
function rangeOf(document: Document.Parsed, path: readonly PropertyKey[]): [number, number] {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return [node.range[0], node.range[1]];
  }
  return [0, document.range[1]];
}

function whole(kind: PlanProblem['kind'], detail: string, text: string): PlanProblem {
  return { kind, path: '', detail, from: 0, to: text.length };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
