import { createRequire } from 'node:module';
import type { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

type AxeResults = Awaited<ReturnType<AxeBuilder['analyze']>>;

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What is let be, each with its reason; found by selector, and no rule is switched off. */
const exceptions: readonly { readonly rule: string; readonly place: RegExp; readonly reason: string }[] = [
  { rule: 'color-contrast', place: /\.monaco|\.view-line|\.mtk/, reason: 'colours of the editor’s own dark theme' },
  {
    rule: 'aria-hidden-focus',
    place: /data-base-ui-focus-guard/,
    reason: 'guards around what is open: whoever reaches one is handed on at once, and nothing is to be read there',
  },
];

/** The checker comes with Playwright's binding of it. The binding itself loads it anew for each look, which costs more than the look does. */
const { source } = createRequire(import.meta.resolve('@axe-core/playwright'))('axe-core') as { source: string };

/** Everything axe finds against WCAG 2.2 AA on the page as it is now, one line each; empty when all is well. */
export async function violationsOf(page: Page, where: string): Promise<string[]> {
  return described(await look(page, { type: 'tag', values: rules }), where);
}

/** What may differ between the themes is looked at in both, the rest once. Leaves the page in the light theme. */
export async function violationsInBothThemes(page: Page, where: string): Promise<string[]> {
  const dark = await look(page, { type: 'tag', values: rules }, 'dark');
  const light = await look(page, { type: 'rule', values: ['color-contrast'] }, 'light');
  return [...described(dark, `${where}, dark`), ...described(light, `${where}, light`)];
}

interface Wished {
  readonly type: 'tag' | 'rule';
  readonly values: readonly string[];
}

/** Before the next frames are drawn, a changed theme still has the colours of the other one. */
const drawn = 'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))';

async function look(page: Page, runOnly: Wished, theme?: 'dark' | 'light'): Promise<AxeResults['violations']> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(source);
  const wished = JSON.stringify({ runOnly, resultTypes: ['violations'] });
  const show = theme === undefined ? '' : `document.documentElement.dataset.theme = '${theme}'; await ${drawn};`;
  return page.evaluate<AxeResults['violations']>(
    `(async () => { ${show} return (await axe.run(document, ${wished})).violations; })()`,
  );
}

function described(violations: AxeResults['violations'], where: string): string[] {
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .map(({ target, failureSummary = '' }) => ({ place: target.join(' '), failureSummary }))
      .filter(({ place }) => !exceptions.some((one) => one.rule === id && one.place.test(place)))
      .map(({ place, failureSummary }) => `${where}: ${id}: ${place}: ${failureSummary.replace(/\s+/g, ' ')}`),
  );
}
