import { access } from 'node:fs/promises';
import path from 'node:path';
import { defaultBaseModel } from '#contract/base-models.ts';
import { exitCode } from '../failure.ts';
import { isOn, textValue, type Invocation } from '../invocation.ts';
import { resolveBase } from '../main-job-request.ts';
import { printResult } from '../output.ts';
import { listenForStop } from '../stop-signal.ts';
import { pairs } from '../terminal/table.ts';
import { bytes } from '../terminal/units.ts';
import { outStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';
import { obtainBaseModel } from './base.ts';
import { bringUpEnvironment } from './env.ts';

interface Readiness {
  readonly home: string;
  readonly configuration: string;
  /** Whether this call made the folder's settings. */
  readonly created: boolean;
  readonly environment: {
    readonly profile: string;
    readonly directory: string;
    readonly sizeBytes: number | null;
  } | null;
  readonly base: { readonly id: string; readonly sizeBytes: number | null } | null;
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The parts after the folder; null when Ctrl-C broke one off. */
async function getReady(
  invocation: Invocation,
  signal: AbortSignal,
): Promise<Pick<Readiness, 'environment' | 'base'> | null> {
  const id = await resolveBase(invocation, textValue(invocation, 'base') ?? defaultBaseModel);
  return withEngine(invocation, async ({ client }) => {
    if (isOn(invocation, 'folder-only')) return { environment: null, base: null };
    // An unknown or unusable base is told before minutes are spent on Python.
    await client.baseModels.show({ id });
    const environment = await bringUpEnvironment(invocation, client, { kind: 'setUp', signal });
    if (environment === null) return null;
    const base = await obtainBaseModel(invocation, client, { id, signal });
    return base === null ? null : { environment, base };
  });
}

/** `forge init`: folder, Python environment and base model; what is there already is checked and used again. */
export async function runInit(invocation: Invocation): Promise<number> {
  const configuration = path.join(invocation.home, 'config.toml');
  const was = await isThere(configuration);
  const stop = listenForStop();
  try {
    const parts = await getReady(invocation, stop.first);
    if (parts === null) {
      invocation.terminal.err(`Stopped. What is done is kept.\nGo on with: ${invocation.typed}\n`);
      return exitCode.interrupted;
    }
    printReadiness(invocation, {
      home: invocation.home,
      configuration,
      created: !was,
      environment: parts.environment && {
        profile: parts.environment.profile,
        directory: parts.environment.directory,
        sizeBytes: parts.environment.sizeBytes,
      },
      base: parts.base && { id: parts.base.id, sizeBytes: parts.base.sizeBytes },
    });
    return exitCode.done;
  } finally {
    stop.dispose();
  }
}

const sizeText = (sizeBytes: number | null): string => (sizeBytes === null ? '' : `, ${bytes(sizeBytes)}`);

function printReadiness(invocation: Invocation, ready: Readiness): void {
  const { environment, base } = ready;
  const made = ready.created ? 'made, with a comment for every key' : 'was there';
  printResult(invocation, ready, () => [
    ...pairs(
      [
        ['folder', ready.home],
        ['settings', `${ready.configuration} (${made})`],
        ...(environment === null
          ? []
          : [['Python', `${environment.profile}${sizeText(environment.sizeBytes)}`] as [string, string]]),
        ...(base === null ? [] : [['base model', `${base.id}${sizeText(base.sizeBytes)}`] as [string, string]]),
      ],
      outStyle(invocation.terminal),
    ),
    '',
    environment === null
      ? 'Next: `forge init` gets Python and the base model too, `forge doctor` looks at the machine first.'
      : 'Next: `forge train --dataset your-examples.csv`, or `forge quickstart` with the shipped sample.',
  ]);
}
