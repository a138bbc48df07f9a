import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What is let be, each with its reason; found by selector, and no rule is switched off. */
const exceptions: readonly { readonly rule: string; readonly place: RegExp; readonly reason: string }[] = [
  { rule: 'color-contrast', place: /\.monaco|\.view-line|\.mtk/, reason: 'colours of the editor’s own dark theme' },
];

/** Everything axe finds against WCAG 2.2 AA on the page as it is now, one line each; empty when all is well. */
export async function violationsOf(page: Page, where: string): Promise<string[]> {
  return described(await new AxeBuilder({ page }).withTags(rules).analyze(), where);
}

/** The contrast alone: all that another theme can change. */
export async function contrastViolationsOf(page: Page, where: string): Promise<string[]> {
  return described(await new AxeBuilder({ page }).withRules(['color-contrast']).analyze(), where);
}

function described({ violations }: Awaited<ReturnType<AxeBuilder['analyze']>>, where: string): string[] {
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .map(({ target, failureSummary = '' }) => ({ place: target.join(' '), failureSummary }))
      .filter(({ place }) => !exceptions.some((one) => one.rule === id && one.place.test(place)))
      .map(({ place, failureSummary }) => `${where}: ${id}: ${place}: ${failureSummary.replace(/\s+/g, ' ')}`),
  );
}
