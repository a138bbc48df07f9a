import { randomUUID } from 'node:crypto';
import type { EnvironmentProfile, EnvironmentProgress } from '#contract/environments.ts';
import type { ForgeClient } from '#contract/client.ts';
import { confirm } from '../ask.ts';
import type { CommandRun } from '../command-spec.ts';
import { exitCode } from '../failure.ts';
import { textValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { environmentProgress } from '../environment-progress.ts';
import { listenForStop } from '../stop-signal.ts';
import { pairs, table } from '../terminal/table.ts';
import { oneLine, wrap } from '../terminal/text.ts';
import { bytes, duration } from '../terminal/units.ts';
import { outStyle, type ViewStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

type EnvironmentStatus = Awaited<ReturnType<ForgeClient['environments']['list']>>[number];

function profileOf(invocation: Invocation): EnvironmentProfile | null {
  return (textValue(invocation, 'profile') as EnvironmentProfile | undefined) ?? null;
}

function stageRows(status: EnvironmentStatus, { palette }: ViewStyle): string[][] {
  return status.stages.map(({ stage, state, seconds }) => [
    stage,
    state === 'valid' ? palette.good(state) : palette.faint(state),
    seconds === null ? '' : duration(seconds),
  ]);
}

function environmentLines(status: EnvironmentStatus, style: ViewStyle): string[] {
  const { palette } = style;
  const state = status.state === 'ready' ? palette.good('ready') : palette.warn(status.state);
  const [first = '', ...rest] = wrap(oneLine(status.reason), Math.max(20, style.width - 12));
  const entries: (readonly [string, string])[] = [
    ['profile', palette.strong(status.profile)],
    ['why', first],
    ...rest.map((line) => ['', line] as const),
    ['state', state],
    ...(status.device === null
      ? []
      : [
          [
            'device',
            `${oneLine(status.device.name)} (${status.device.kind}${status.device.bfloat16 ? ', bfloat16' : ''})`,
          ] as const,
        ]),
    ...(status.python === null ? [] : [['Python', `${status.python.version}, ${status.python.path}`] as const]),
    ...(status.uv === null ? [] : [['uv', `${status.uv.version} (${status.uv.origin})`] as const]),
    ...(Object.keys(status.versions).length === 0
      ? []
      : [
          [
            'packages',
            Object.entries(status.versions)
              .map((entry) => entry.join(' '))
              .join(', '),
          ] as const,
        ]),
    [
      'size',
      status.sizeBytes === null
        ? `${bytes(status.estimate.diskBytes)} when set up, ${bytes(status.estimate.downloadBytes)} to fetch`
        : bytes(status.sizeBytes),
    ],
    ['folder', status.directory],
  ];
  const stages = table(
    [{ title: 'stage' }, { title: 'state' }, { title: 'took', align: 'right' }],
    stageRows(status, style),
    style,
  );
  return [...pairs(entries, style), '', ...stages];
}

/** `forge env status`: the environment of this machine's profile, or of `--profile`; `--json` is the list of all, the chosen one first. */
export async function environmentStatus(invocation: Invocation): Promise<number> {
  const all = await withEngine(invocation, ({ client }) => client.environments.list());
  const wanted = profileOf(invocation);
  const listed = wanted === null ? all : all.filter(({ profile }) => profile === wanted);
  printResult(invocation, listed, () =>
    listed.slice(0, 1).flatMap((status) => environmentLines(status, outStyle(invocation.terminal))),
  );
  return exitCode.done;
}

/** Sets an environment up or repairs it, showing each stage; null when the signal broke it off (the stages that are done are kept). */
export async function bringUpEnvironment(
  invocation: Invocation,
  client: ForgeClient,
  { kind, signal }: { kind: 'setUp' | 'repair'; signal: AbortSignal },
): Promise<EnvironmentStatus | null> {
  const progress = environmentProgress(invocation);
  let last: EnvironmentProgress | null = null;
  try {
    const events = await client.environments[kind]({ profile: profileOf(invocation) }, { signal });
    for await (const event of events) progress.show((last = event));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    progress.finish();
  }
  if (signal.aborted) return null;
  const all = await client.environments.list();
  const status = all.find(({ profile }) => profile === last?.profile) ?? all[0];
  if (status === undefined) throw new Error('the engine knows no environment');
  return status;
}

/** `forge env setup` and `forge env repair`: each stage with its progress; Ctrl-C keeps the stages that are done. */
export function prepareEnvironment(kind: 'setUp' | 'repair'): CommandRun {
  return async (invocation) => {
    const stop = listenForStop();
    try {
      return await withEngine(invocation, async ({ client }) => {
        const status = await bringUpEnvironment(invocation, client, { kind, signal: stop.first });
        if (status === null) {
          invocation.terminal.err(`Stopped. The stages that are done are kept.\nGo on with: ${invocation.typed}\n`);
          return exitCode.interrupted;
        }
        printResult(invocation, status, () => ['', ...environmentLines(status, outStyle(invocation.terminal))]);
        return exitCode.done;
      });
    } finally {
      stop.dispose();
    }
  };
}

/** `forge env remove`. */
export async function removeEnvironment(invocation: Invocation): Promise<number> {
  return withEngine(invocation, async ({ client }) => {
    const all = await client.environments.list();
    const wanted = profileOf(invocation) ?? all[0]?.profile ?? 'cpu';
    const status = all.find(({ profile }) => profile === wanted);
    const size = status?.sizeBytes == null ? '' : `, ${bytes(status.sizeBytes)}`;
    if (
      !(await confirm(
        invocation,
        `The ${wanted} environment goes (${status?.directory ?? wanted}${size}); models and runs stay, and the next training sets it up again.`,
      ))
    ) {
      invocation.terminal.err('Nothing was removed.\n');
      return exitCode.stopped;
    }
    const { freedBytes } = await client.environments.remove({ profile: wanted, requestId: randomUUID() });
    printResult(invocation, { profile: wanted, freedBytes }, () => [
      `Removed the ${wanted} environment; ${bytes(freedBytes)} are free again.`,
    ]);
    return exitCode.done;
  });
}
