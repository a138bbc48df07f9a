import type { Page } from '@playwright/test';

/** What a page holds after everything it no longer needs was collected: script heap, document, and buffers of typed arrays; MB. */
export async function pageMemoryMegabytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return (usedSize + embedderHeapUsedSize + backingStorageSize) / 1e6;
}
