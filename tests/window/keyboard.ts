import { expect, type Page } from '@playwright/test';

const mostSteps = 120;

/**
 * Goes with Tab until what has the focus is called so (`button "Train"`, `textbox "Name"`), as a person without a mouse does.
 * Fails when it can not be reached.
 */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < mostSteps; step += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    const said = (await focused.count()) === 0 ? '' : ((await focused.ariaSnapshot()).split('\n')[0] ?? '');
    if (name.test(said)) return;
    passed.push(said);
  }
  expect(passed, `reached with Tab: ${name}`).toEqual([]);
}
