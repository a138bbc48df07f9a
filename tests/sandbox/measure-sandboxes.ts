// Measures the sandboxes of data scripts that this machine has; one line of JSON. `measure-sandboxes.ts <rows> <rounds>`.
import type { CanonicalRow } from '#contract/rows.ts';
import { isStop, type Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { messageRows, scriptLimits } from '#core/foundry/scripts/script-limits.ts';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import { createPageSandbox } from '#native-bridge/sandbox/page/page-sandbox.ts';
import { findChromium } from '../../scripts/find-chromium.ts';
import { startDesktopPageHost } from './desktop-page-host.ts';
import { sandboxEnvironment } from './sandbox-programs.ts';

/** What a cleaning script does: a look at every message, a pattern, another text. */
const source = `
import re

spaces = re.compile(r"\\s+")

def transform(row):
    messages = [{**one, "content": spaces.sub(" ", one["content"]).strip()} for one in row["messages"]]
    return None if len(messages[-1]["content"]) < 20 else {**row, "messages": messages}
`;

function madeRow(place: number): CanonicalRow {
  const id = place.toString(16).padStart(32, '0');
  const words = `The  answer to question ${place}   is written here in about five hundred letters. `;
  return {
    ...{ id, kind: 'sft', group: id, training_eligible: true, flags: [] },
    messages: [
      { role: 'user', content: `What is the answer to question ${place}?` },
      { role: 'assistant', content: words.repeat(6) },
    ],
    source: { type: 'generated', uri: 'measure-sandboxes.ts' },
  };
}

interface Round {
  readonly startMs: number;
  readonly rowsPerSecond: number;
}

async function measure(sandbox: Sandbox, rows: readonly CanonicalRow[]): Promise<Round> {
  const began = performance.now();
  const session = await sandbox.start({
    ...{ source, sample: rows.slice(0, 200), seed: 0 },
    ...{ allow: { clock: false, random: false }, limits: { ...scriptLimits, startMs: 120_000 } },
  });
  if (isStop(session)) throw new Error(`${sandbox.name}: ${session.reason}`);
  const loaded = performance.now();
  try {
    for (let first = 0; first < rows.length; first += messageRows) {
      const answer = await session.transform(rows.slice(first, first + messageRows), first);
      if (isStop(answer)) throw new Error(`${sandbox.name}: ${answer.reason}`);
    }
    const seconds = (performance.now() - loaded) / 1000;
    return { startMs: loaded - began, rowsPerSecond: rows.length / seconds };
  } finally {
    await session.close();
  }
}

const [rowCount = 20_000, rounds = 3] = process.argv.slice(2).map(Number);
const rows = Array.from({ length: rowCount }, (_, place) => madeRow(place));
const executable = findChromium();
const shown = executable === null ? null : await startDesktopPageHost(executable);
const pages = shown === null ? [] : [createPageSandbox({ host: shown.host, ancestors: "'none'" })];
const others = createSandboxes(await sandboxEnvironment()).filter(({ name }) => name !== 'page');
const found: { name: string; probeMs: number; rounds: Round[] }[] = [];
for (const sandbox of [...others, ...pages]) {
  const began = performance.now();
  const { isFit } = await sandbox.probe();
  const probeMs = performance.now() - began;
  if (!isFit) continue;
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round += 1) measured.push(await measure(sandbox, rows));
  found.push({ name: sandbox.name, probeMs, rounds: measured });
}
await shown?.close();
process.stdout.write(`${JSON.stringify(found)}\n`);
