import type { Page } from '@playwright/test';

/** Words that hold English sentences together and are none in German. */
const englishWords =
  /\b(the|of|and|is|are|with|from|by|for|this|that|it|were|has|have|been|can|which|when|there|they|its|your|you|or|at|if|than|does|into|about|after|before|without|to|on|did|as|no|again|yet|not|only)\b/i;

/** What is not Forge's to translate: code, consoles, logs, editors, and the texts of people and models (`dir="auto"`). */
const foreign = ['noscript', 'script', 'style', 'code', 'pre', 'textarea', '.xterm', '.monaco-editor', '[dir="auto"]'];

/** Texts and names of the page, as a person or a screen reader gets them, that look English. A text of one word (a package, a file) is none. */
export async function englishLeft(page: Page, allowed: readonly (string | RegExp)[] = []): Promise<string[]> {
  const texts = await page.evaluate<string[]>(`(() => {
    const foreign = ${JSON.stringify(foreign.join(','))};
    const texts = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      if (!walk.currentNode.parentElement.closest(foreign)) texts.push(walk.currentNode.textContent.trim());
    }
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      for (const element of document.querySelectorAll('[' + name + ']')) {
        if (!element.closest(foreign)) texts.push(element.getAttribute(name));
      }
    }
    return texts;
  })()`);
  const isAllowed = (text: string): boolean =>
    allowed.some((each) => (typeof each === 'string' ? text.includes(each) : each.test(text)));
  return [...new Set(texts)].filter((text) => /\s/.test(text) && englishWords.test(text) && !isAllowed(text));
}
