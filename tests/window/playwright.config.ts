// The window in a real browser: `npm run test:window`, or with Playwright's own options `npx playwright test -c tests/window wizard`.
import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { findChromium } from '../../scripts/find-chromium.ts';

const results = path.resolve(import.meta.dirname, '..', '..', '.cache', 'window-tests');
const chromium = findChromium();
const report = process.env['FORGE_WINDOW_REPORT'] ?? '';

/** They keep the browser from asking anything of anybody, and make every picture the same twice. */
const quietFlags = [
  ...['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ...['--no-first-run', '--disable-quic', '--font-render-hinting=none', '--disable-lcd-text', '--hide-scrollbars'],
];

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: results,
  snapshotPathTemplate: '{testDir}/baselines/{arg}{ext}',
  // Each test has an engine of its own; two cores carry one of them and a browser.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000, toHaveScreenshot: { maxDiffPixels: 0, animations: 'disabled', caret: 'hide' } },
  reporter: [
    ['list'],
    ...(report === '' ? [] : [['json', { outputFile: report }] as ['json', { outputFile: string }]]),
  ],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    trace: 'retain-on-failure',
    launchOptions: { args: quietFlags, ...(chromium === null ? {} : { executablePath: chromium }) },
  },
});
