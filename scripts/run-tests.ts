// `npm test`: every check and every test of the project, in the order in which failures are cheapest, with one plain closing line.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium, noChromium } from './find-chromium.ts';
import {
  addCounts,
  countsOfBrowser,
  countsOfJunit,
  judged,
  noCounts,
  one,
  type BrowserSuite,
  type Counts,
} from './test-counts.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Heavy things that outlive a clone: Python environments, the reference Ollama, downloaded wheels. Rebuilt when gone. */
const cache = process.env['FORGE_TEST_CACHE'] ?? path.join(homedir(), '.cache', 'forge-tests');
const developerHome = path.join(cache, 'home');

interface Stage {
  readonly name: string;
  readonly groups: readonly string[];
  run(): Promise<Counts>;
}

/** Runs a program with its output shown; resolves with the exit code. */
function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...environment },
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** A tool whose exit code is the verdict: it counts as one test. */
function check(name: string, tool: string, ...args: string[]): Stage {
  return {
    name,
    groups: ['check'],
    run: async () => one(name, (await run(process.execPath, [path.join(root, 'node_modules', tool), ...args])) === 0),
  };
}

interface NodeTests {
  readonly groups: readonly string[];
  readonly patterns: readonly string[];
  /** Files at a time; 1 where the machine must be quiet. */
  readonly concurrency: number;
}

function nodeTests(name: string, { groups, patterns, concurrency }: NodeTests): Stage {
  return {
    name,
    groups,
    async run() {
      const folder = await mkdtemp(path.join(tmpdir(), 'forge-test-counts-'));
      const countsFile = path.join(folder, 'counts.json');
      const reporter = path.join(root, 'scripts', 'count-reporter.mjs');
      const code = await run(
        process.execPath,
        [
          '--test',
          `--test-concurrency=${concurrency}`,
          '--test-reporter=spec',
          '--test-reporter-destination=stdout',
          `--test-reporter=${reporter}`,
          `--test-reporter-destination=${countsFile}`,
          ...patterns,
        ],
        { FORGE_TEST_CACHE: cache },
      );
      const counts = JSON.parse(await readFile(countsFile, 'utf8')) as Counts;
      await rm(folder, { recursive: true });
      return judged(name, counts, code);
    },
  };
}

/** The window in a real browser, by Playwright; left out aloud where there is no Chromium. */
const windowTests: Stage = {
  name: 'window tests',
  groups: ['slow', 'window'],
  async run() {
    if (findChromium() === null) return { ...noCounts(), skipped: 1, skips: [noChromium] };
    const folder = await mkdtemp(path.join(tmpdir(), 'forge-window-'));
    const report = path.join(folder, 'report.json');
    const playwright = path.join(root, 'node_modules', '@playwright', 'test', 'cli.js');
    const code = await run(process.execPath, [playwright, 'test', '-c', 'tests/window/playwright.config.ts'], {
      FORGE_TEST_CACHE: cache,
      FORGE_WINDOW_REPORT: report,
    });
    const text = await readFile(report, 'utf8').catch(() => '{}');
    await rm(folder, { recursive: true });
    return judged('window tests', countsOfBrowser(JSON.parse(text) as BrowserSuite), code);
  },
};

function developerPython(): string {
  const link = path.join(developerHome, 'envs', 'dev');
  return process.platform === 'win32'
    ? path.join(link, 'python', 'Scripts', 'python.exe')
    : path.join(link, 'python', 'bin', 'python');
}

/** The contributors' environment: the locked one of profile `dev`, made by the product's own set-up. */
const developerEnvironment: Stage = {
  name: 'Python environment for tests',
  groups: ['check', 'python', 'slow', 'kills', 'resume'],
  async run() {
    await mkdir(developerHome, { recursive: true });
    const code = await run(process.execPath, ['scripts/developer-environment.ts', developerHome]);
    return one('Python environment for tests', code === 0);
  },
};

function pythonTests(name: string, groups: readonly string[], marker: string): Stage {
  return {
    name,
    groups,
    async run() {
      const folder = await mkdtemp(path.join(tmpdir(), 'forge-pytest-'));
      const report = path.join(folder, 'report.xml');
      const args = [
        '-m',
        'pytest',
        'python-env/tests',
        '-q',
        '-rs',
        '-p',
        'no:cacheprovider',
        '-m',
        marker,
        `--junitxml=${report}`,
      ];
      const code = await run(developerPython(), args, { OMP_NUM_THREADS: '2' });
      const counts = countsOfJunit(await readFile(report, 'utf8').catch(() => ''));
      await rm(folder, { recursive: true });
      return judged(name, counts, code);
    },
  };
}

const ruff: Stage = {
  name: 'Python lint and format',
  groups: ['check', 'python'],
  async run() {
    const places = ['--no-cache', 'python-env', 'benchmarks'];
    const lint = await run(developerPython(), ['-m', 'ruff', 'check', ...places]);
    const format = await run(developerPython(), ['-m', 'ruff', 'format', '--check', '-q', ...places]);
    return one('Python lint and format', lint === 0 && format === 0);
  },
};

/** A minute of made-up and broken files of every kind, other ones at each run; what was found names the command that shows it again. */
const fuzzing: Stage = {
  name: 'fuzzing',
  groups: ['slow', 'fuzz'],
  run: async () => one('fuzzing', (await run(process.execPath, ['tests/fuzz/read-files.ts', '--seconds', '60'])) === 0),
};

const folders = '{contract,core,native-bridge,engine,cli,electron,renderer,benchmarks,scripts}';
const stages: readonly Stage[] = [
  check('format', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  check('lint', 'oxlint/bin/oxlint', '--deny-warnings'),
  // More than one checker a project does the same work twice: a third more processor time over the whole.
  check('types', 'typescript/bin/tsc', '-b', '--checkers', '1'),
  {
    name: 'window build',
    groups: ['check', 'window'],
    run: async () => one('window build', (await run(process.execPath, ['scripts/build-renderer.ts'])) === 0),
  },
  nodeTests('architecture', { groups: ['check'], patterns: ['tests/architecture/**/*.test.ts'], concurrency: 2 }),
  nodeTests('unit', {
    groups: ['check'],
    patterns: [`${folders}/**/!(*.slow).test.ts`, 'tests/!(architecture|end-to-end)/**/!(*.slow).test.ts'],
    concurrency: 2,
  }),
  developerEnvironment,
  ruff,
  pythonTests('Python tests', ['check', 'python'], 'not slow and not gpu'),
  pythonTests('Python slow and GPU tests', ['slow'], 'slow or gpu'),
  nodeTests('slow tests', {
    groups: ['slow'],
    patterns: [`${folders}/**/*.slow.test.ts`, 'tests/!(faults)/**/*.slow.test.ts'],
    concurrency: 2,
  }),
  fuzzing,
  nodeTests('faults', { groups: ['slow', 'kills'], patterns: ['tests/faults/**/*.slow.test.ts'], concurrency: 1 }),
  nodeTests('end to end', {
    groups: ['slow', 'end-to-end'],
    patterns: ['tests/end-to-end/**/*.test.ts'],
    concurrency: 1,
  }),
  windowTests,
];

function wantedStages(args: readonly string[]): readonly Stage[] {
  const at = args.indexOf('--only');
  if (at === -1) return stages;
  const wanted = args[at + 1] ?? '';
  const chosen = stages.filter((stage) => stage.groups.includes(wanted) || stage.name === wanted);
  if (chosen.length > 0) return chosen;
  const known = [...new Set(stages.flatMap(({ name, groups }) => [...groups, name]))].join(', ');
  process.stderr.write(`There is no stage "${wanted}". One of: ${known}.\n`);
  process.exit(2);
}

const total = noCounts();
const begun = performance.now();
for (const stage of wantedStages(process.argv.slice(2))) {
  const started = performance.now();
  process.stdout.write(`\n== ${stage.name}\n`);
  const counts = await stage.run().catch((error: unknown): Counts => one(`${stage.name}: ${String(error)}`, false));
  addCounts(total, counts);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(
    `-- ${stage.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${seconds} s\n`,
  );
}
const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
process.stdout.write(`\nAll of it took ${minutes} min${total.slow.length === 0 ? '' : '; the slowest tests:'}\n`);
for (const { name, seconds } of total.slow.toSorted((one, other) => other.seconds - one.seconds).slice(0, 20))
  process.stdout.write(`${seconds.toFixed(0).padStart(5)} s  ${name.replace(`${root}/`, '')}\n`);
// A skip that says nothing is a lie: each is printed with its reason, and docs/not-proved-here.md lists them.
const skips = total.skips.map((skip) => skip.replace(/^NOT PROVED HERE: /, ''));
for (const skip of new Set(skips)) {
  const times = skips.filter((other) => other === skip).length;
  process.stdout.write(`NOT PROVED HERE: ${skip}${times > 1 ? ` (${times} tests)` : ''}\n`);
}
for (const failure of total.failures) process.stdout.write(`FAILED: ${failure}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exit(total.failed === 0 ? 0 : 1);
