import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import os from 'node:os';
import { connectEngine, leaveEngine, type EngineConnection } from '../engine-connection.ts';
import { exitCode, failureOf, systemFailure } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { makeFolders } from '../make-folders.ts';
import { printResult } from '../output.ts';
import { oneLine, padEnd, wrap } from '../terminal/text.ts';
import { bytes } from '../terminal/units.ts';
import { outStyle, type ViewStyle } from '../terminal/view-style.ts';

/** One thing that was looked at. `warning`: works, but something will be missing. */
export interface Finding {
  readonly name: string;
  readonly state: 'fine' | 'warning' | 'problem';
  readonly text: string;
  readonly remedy: string | null;
}

/** The smallest main job writes about 1 GB (base, export, checkpoints), its Python another 1 to 6 GB. */
const comfortableBytes = 8_000_000_000;
const neededBytes = 2_000_000_000;

function nodeFinding(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  const text = `Node.js ${process.versions.node} on ${os.type()} ${os.release()} (${process.arch})`;
  return major >= 24
    ? { name: 'Node.js', state: 'fine', text, remedy: null }
    : {
        name: 'Node.js',
        state: 'problem',
        text: `${text}; Forge needs 24`,
        remedy: 'Run `npm ci` in the folder of Forge: it brings its own.',
      };
}

async function homeFinding(home: string): Promise<Finding> {
  try {
    await makeFolders(home, 0o700);
    await access(home, constants.W_OK);
    return { name: 'Folder', state: 'fine', text: home, remedy: null };
  } catch (error) {
    const { message, remedy } = await failureOf(systemFailure(error, home) ?? error);
    return { name: 'Folder', state: 'problem', text: oneLine(message), remedy };
  }
}

async function diskFinding(home: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(home);
    const free = bavail * bsize;
    const text = `${bytes(free)} free`;
    if (free >= comfortableBytes) return { name: 'Disk', state: 'fine', text, remedy: null };
    const remedy = `Free some space: ${bytes(comfortableBytes)} is comfortable for Python and a first model, ${bytes(neededBytes)} the least.`;
    return { name: 'Disk', state: free < neededBytes ? 'problem' : 'warning', text, remedy };
  } catch (error) {
    return {
      name: 'Disk',
      state: 'warning',
      text: `the free space could not be read (${error instanceof Error ? error.message : String(error)})`,
      remedy: null,
    };
  }
}

async function machineFinding({ client }: EngineConnection): Promise<Finding> {
  const { finding } = await client.machines.detect({ fresh: true });
  const text = oneLine(`${finding.summary}: profile ${finding.profile}, ${finding.reason}`);
  const [warning = null, ...more] = finding.warnings.map(oneLine);
  return {
    name: 'Machine',
    state: warning === null ? 'fine' : 'warning',
    text,
    remedy: warning === null ? null : [warning, ...more].join(' '),
  };
}

async function environmentFinding({ client }: EngineConnection): Promise<Finding> {
  const [chosen] = await client.environments.list();
  if (chosen === undefined)
    return {
      name: 'Python',
      state: 'problem',
      text: 'no profile fits this machine',
      remedy: 'See docs/command-line.md for the systems Forge knows.',
    };
  const text = `profile ${chosen.profile}, ${chosen.state}: ${oneLine(chosen.reason)}`;
  if (chosen.state === 'ready') return { name: 'Python', state: 'fine', text, remedy: null };
  const size = `${bytes(chosen.estimate.downloadBytes)} to fetch, ${bytes(chosen.estimate.diskBytes)} on disk`;
  return {
    name: 'Python',
    state: 'warning',
    text: `${text} (${size})`,
    remedy: '`forge env setup` installs it; `forge quickstart` does so by itself.',
  };
}

async function serverFinding({ client }: EngineConnection): Promise<Finding> {
  const { running, url, models } = await client.serving.status();
  const text = running ? `runs at ${url ?? ''}` : `stopped; ${models.length} models can be served`;
  return { name: 'Server', state: 'fine', text, remedy: null };
}

/** A look that fails is a finding itself: it must not hide the others. */
async function looked(name: string, look: Promise<Finding>): Promise<Finding> {
  try {
    return await look;
  } catch (error) {
    const { message, remedy } = await failureOf(error);
    return { name, state: 'problem', text: oneLine(message), remedy };
  }
}

async function engineFindings(invocation: Invocation): Promise<Finding[]> {
  let connection: EngineConnection | null = null;
  try {
    connection = await connectEngine(invocation);
    const engine: Finding = {
      name: 'Engine',
      state: 'fine',
      text: `version ${connection.status.version}, ${connection.started ? 'starts and answers' : `runs (process ${connection.status.pid})`}`,
      remedy: null,
    };
    return [
      engine,
      await looked('Machine', machineFinding(connection)),
      await looked('Python', environmentFinding(connection)),
      await looked('Server', serverFinding(connection)),
    ];
  } catch (error) {
    const { message, remedy } = await failureOf(error);
    return [{ name: 'Engine', state: 'problem', text: oneLine(message), remedy }];
  } finally {
    if (connection !== null) await leaveEngine(connection);
  }
}

function findingLines(findings: readonly Finding[], style: ViewStyle): string[] {
  const { palette, glyphs, width } = style;
  const marks = {
    fine: palette.good(glyphs.done),
    warning: palette.warn(glyphs.now),
    problem: palette.bad(glyphs.failed),
  };
  const indent = ' '.repeat(12);
  return findings.flatMap(({ name, state, text, remedy }) => {
    const [first = '', ...rest] = wrap(text, Math.max(20, width - 12));
    const advice =
      remedy === null ? [] : wrap(remedy, Math.max(20, width - 12)).map((line) => indent + palette.faint(line));
    return [` ${marks[state]} ${padEnd(name, 8)} ${first}`, ...rest.map((line) => indent + line), ...advice];
  });
}

/** `forge doctor`: exit code 3 when something is in the way. */
export async function runDoctor(invocation: Invocation): Promise<number> {
  const home = await homeFinding(invocation.home);
  const usable = home.state === 'fine';
  const findings = [
    nodeFinding(),
    home,
    ...(usable ? [await diskFinding(invocation.home), ...(await engineFindings(invocation))] : []),
  ];
  const problems = findings.filter(({ state }) => state === 'problem').length;
  printResult(invocation, { ok: problems === 0, findings }, () => [
    ...findingLines(findings, outStyle(invocation.terminal)),
    '',
    problems === 0
      ? 'Nothing is in the way.'
      : `${problems === 1 ? 'One thing is' : `${problems} things are`} in the way.`,
  ]);
  return problems === 0 ? exitCode.done : exitCode.machine;
}
