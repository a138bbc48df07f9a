import type { MainJobDraft } from '#contract/drafts.ts';
import type { RecipeSettings } from '#contract/recipes.ts';

type Wishes = MainJobDraft['request'];

/** Wishes that are settings under another name become settings, so that the form and the text have one place for each. */
export function settledWishes(request: Wishes): Wishes {
  const { epochs: e, method: m, rank: r, learningRate: l, minutes: t, settings: own, ...others } = request;
  const wished = { epochs: e, method: m, rank: r, learningRate: l, maxMinutes: t };
  const given = Object.fromEntries(Object.entries(wished).filter(([, value]) => value !== undefined));
  const all: RecipeSettings = { ...given, ...own };
  return Object.keys(all).length === 0 ? others : { ...others, settings: all };
}
