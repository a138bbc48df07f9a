// What one stage of `npm test` came to, whatever runner it used.

export interface TimedTest {
  readonly name: string;
  readonly seconds: number;
}

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  failures: string[];
  skips: string[];
  /** Tests that took longer than `slowSeconds`. */
  slow: TimedTest[];
}

/** From here on a test is worth a line at the end: seconds add up where two cores run three thousand of them. */
export const slowSeconds = 10;

export function noCounts(): Counts {
  return { passed: 0, failed: 0, skipped: 0, failures: [], skips: [], slow: [] };
}

/** A check that is one test by itself. */
export function one(name: string, passed: boolean): Counts {
  return { ...noCounts(), passed: passed ? 1 : 0, failed: passed ? 0 : 1, failures: passed ? [] : [name] };
}

/** A program that was told to run and skip nothing, and found nothing or broke besides its tests, has failed. */
export function judged(name: string, counts: Counts, exitCode: number): Counts {
  if (counts.passed + counts.failed + counts.skipped === 0) return one(`${name}: no test was found`, false);
  if (exitCode === 0 || counts.failed > 0) return counts;
  return { ...counts, failed: 1, failures: [`${name}: ended with code ${exitCode}`] };
}

export function addCounts(total: Counts, counts: Counts): void {
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  total.failures.push(...counts.failures);
  total.skips.push(...counts.skips);
  total.slow.push(...counts.slow);
}

interface BrowserResult {
  readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped';
  readonly annotations: readonly { readonly type: string; readonly description?: string }[];
  readonly results?: readonly { readonly duration: number }[];
}

export interface BrowserSuite {
  readonly suites?: readonly BrowserSuite[];
  readonly specs?: readonly {
    readonly file: string;
    readonly title: string;
    readonly tests: readonly BrowserResult[];
  }[];
}

/** Counts of Playwright's JSON report. */
export function countsOfBrowser(suite: BrowserSuite): Counts {
  const counts = noCounts();
  for (const { file, title, tests } of suite.specs ?? []) {
    for (const { status, annotations, results = [] } of tests) {
      const name = `${file}: ${title}`;
      const seconds = results.reduce((sum, { duration }) => sum + duration, 0) / 1000;
      if (seconds > slowSeconds) counts.slow.push({ name, seconds });
      if (status === 'expected') counts.passed += 1;
      else if (status === 'skipped') {
        counts.skipped += 1;
        counts.skips.push(annotations.find(({ type }) => type === 'skip')?.description ?? name);
      } else {
        counts.failed += 1;
        counts.failures.push(name);
      }
    }
  }
  for (const inner of suite.suites ?? []) addCounts(counts, countsOfBrowser(inner));
  return counts;
}

/** Counts of a JUnit report, as pytest writes it. */
export function countsOfJunit(xml: string): Counts {
  const number = (name: string): number =>
    Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(xml)?.[1] ?? 0);
  const failed = number('failures') + number('errors');
  const skipped = number('skipped');
  const cases = [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)" time="([\d.]+)"/g)];
  return {
    ...{ passed: number('tests') - failed - skipped, failed, skipped },
    failures: [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"[^>]*>\s*<(?:failure|error)/g)].map(
      ([, place, name]) => `${place}: ${name}`,
    ),
    skips: [...xml.matchAll(/<skipped [^>]*message="([^"]*)"/g)].map(([, message]) => message ?? ''),
    slow: cases
      .map(([, place, name, seconds]) => ({ name: `${place}: ${name}`, seconds: Number(seconds) }))
      .filter(({ seconds }) => seconds > slowSeconds),
  };
}
