import { z } from 'zod';
import { pagedRow, sides, versionReference } from './dataset-versions.ts';

const count = z.number().int().nonnegative();

/** Two versions, of one dataset or of two. */
export const versionPair = z.object({ before: versionReference, after: versionReference });
export type VersionPair = z.infer<typeof versionPair>;

/** `moved`: the same content on another side of the split. `changed`: the same row of the source with other content, whatever its side. */
export const changeKinds = ['added', 'removed', 'changed', 'moved'] as const;
export const changeKind = z.enum(changeKinds);
export type ChangeKind = z.infer<typeof changeKind>;

/**
 * `forge data diff --json`: what became of the rows from one version to the other. `before.rows` = `same` + `moved` + `changed` + `removed`, and
 * `after.rows` = `same` + `moved` + `changed` + `added`.
 */
export const diffReport = z.object({
  schema: z.literal('forge.diff/1'),
  before: versionReference.extend({ rows: count, digest: z.string() }),
  after: versionReference.extend({ rows: count, digest: z.string() }),
  same: count,
  added: count,
  removed: count,
  changed: count,
  moved: count,
  /** JSON Lines, one object a row that is not the same: `{change, id, earlierId?, from?, to?}`. */
  rowsPath: z.string(),
  seconds: z.number(),
  peakBytes: count,
});
export type DiffReport = z.infer<typeof diffReport>;

export const diffPageRequest = versionPair.extend({
  change: changeKind,
  offset: count.default(0),
  limit: z.number().int().min(1).max(500).default(100),
});
export type DiffPageRequest = z.infer<typeof diffPageRequest>;

/** A row that is not the same. `before` is null of an added one, `after` of a removed one; sides are null without a split. */
export const rowChange = z.object({
  change: changeKind,
  before: pagedRow.nullable(),
  after: pagedRow.nullable(),
  from: z.enum(sides).nullable(),
  to: z.enum(sides).nullable(),
});
export type RowChange = z.infer<typeof rowChange>;

export const diffPage = z.object({ total: count, rows: z.array(rowChange) });
export type DiffPage = z.infer<typeof diffPage>;
