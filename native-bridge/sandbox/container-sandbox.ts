import { randomUUID } from 'node:crypto';
import type { Fitness, ScriptLimits } from '#core/foundry/scripts/sandbox.ts';
import { runTool } from '../processes/run-tool.ts';
import { readDriver } from './app-files.ts';
import type { SandboxChannel } from './channel.ts';
import { findProgram } from './find-program.ts';
import { startFramedProcess } from './framed-process.ts';
import { tryToEscape } from './quick-escapes.ts';
import { identityOf, type KnownSandbox } from './remembered-fitness.ts';
import { awaitReady, frameShare, openSession } from './script-session.ts';

const readyMs = 60_000;
const questionMs = 15_000;

interface Parts {
  readonly program: string;
  readonly image: string;
  readonly imageId: string;
}

/** Official images of Python, under any registry and tag. Nothing is ever fetched for it. */
const pythonImage = /(^|\/)(python|forge-sandbox):/;

/** Where both look for their settings and stores; nothing of it reaches the container. */
const settings = ['HOME', 'PATH', 'XDG_RUNTIME_DIR', 'DOCKER_HOST', 'CONTAINERS_CONF', 'CONTAINERS_STORAGE_CONF'];

function settingsIn(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(settings.flatMap((key) => (environment[key] ? [[key, environment[key]]] : [])));
}

async function imageIn(program: string, env: Record<string, string>, signal?: AbortSignal): Promise<Parts | string> {
  const options = {
    timeoutMs: questionMs,
    maximumOutputBytes: 1_000_000,
    env,
    ...(signal !== undefined && { signal }),
  };
  try {
    const { stdout } = await runTool(program, ['images', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}'], options);
    const line = stdout.split('\n').find((text) => pythonImage.test(text));
    const [image, imageId = ''] = line?.trim().split(' ') ?? [];
    return image === undefined ? `${program} has no image of Python` : { program, image, imageId };
  } catch (error) {
    signal?.throwIfAborted();
    return `${program} does not answer: ${(error as Error).message.split('\n')[0]?.slice(0, 200) ?? ''}`;
  }
}

/** The first of both that has an image; else why neither does. */
async function partsOf(environment: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Parts | string> {
  const reasons: string[] = [];
  for (const name of ['podman', 'docker']) {
    const program = findProgram([name], environment);
    if (program === null) continue;
    const found = await imageIn(program, settingsIn(environment), signal);
    if (typeof found !== 'string') return found;
    reasons.push(found);
  }
  return reasons.length === 0 ? 'neither Podman nor Docker is installed' : reasons.join('; ');
}

interface ContainerRun {
  readonly image: string;
  readonly name: string;
  readonly driver: string;
  readonly memoryBytes: number;
}

/** Beside the script's own memory, which the driver limits so that its row can be named: the interpreter's files and the process that watches. */
const ownBytes = 134_217_728;

/** No network, nothing that can be written, no privileges, an account that is nobody's, a few processes, and the memory of the limit. */
function argumentsOf({ image, name, driver, memoryBytes }: ContainerRun): string[] {
  return [
    ...['run', '--rm', '--interactive', '--pull', 'never', '--name', name, '--network', 'none', '--read-only'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--user', '65534:65534', '--ipc', 'private'],
    ...['--ulimit', 'nofile=256:256', '--ulimit', 'nproc=64:64', '--pids-limit', '8'],
    ...['--memory', String(memoryBytes + ownBytes), '--memory-swap', String(memoryBytes + ownBytes)],
    ...['--log-driver', 'none', '--env', 'PYTHONHASHSEED=0', '--entrypoint', 'python3', image],
    ...['-s', '-S', '-B', '-X', 'utf8', '-c', `${driver}\nmain_watched(${memoryBytes})\n`],
  ];
}

interface Opening extends Parts {
  readonly env: Record<string, string>;
  readonly limits: ScriptLimits;
}

async function open({ program, image, env, limits }: Opening, signal?: AbortSignal): Promise<SandboxChannel> {
  const name = `forge-sandbox-${randomUUID()}`;
  const channel = startFramedProcess({
    program,
    args: argumentsOf({ image, name, driver: await readDriver(), memoryBytes: limits.memoryBytes }),
    environment: env,
    frameBytes: limits.outputBytes * frameShare,
    signal,
  });
  const removing: SandboxChannel = {
    ask: (question) => channel.ask(question),
    async close() {
      await channel.close();
      // The client's end does not end the container at once. One that is gone already is no error.
      const options = { timeoutMs: questionMs, maximumOutputBytes: 100_000, env, expectedExitCodes: [0, 1, 125] };
      await runTool(program, ['rm', '--force', name], options);
    },
  };
  return awaitReady(removing, readyMs);
}

/** Podman or Docker with an image of Python that is there already. */
export function createContainerSandbox(environment: NodeJS.ProcessEnv): KnownSandbox {
  const sandbox: KnownSandbox = {
    name: 'container',
    label: 'Podman or Docker',
    async probe(signal): Promise<Fitness> {
      const parts = await partsOf(environment, signal);
      return typeof parts === 'string'
        ? { isFit: false, detail: parts }
        : tryToEscape(sandbox, `${parts.image} in ${parts.program}`, signal);
    },
    async identity() {
      const parts = await partsOf(environment);
      if (typeof parts === 'string') return null;
      const run = argumentsOf({ image: parts.image, name: '', driver: '', memoryBytes: 0 });
      return identityOf([parts.program], [parts.imageId, JSON.stringify(settingsIn(environment)), ...run]);
    },
    async start(program, signal) {
      const parts = await partsOf(environment, signal);
      if (typeof parts === 'string') throw new Error(parts);
      const env = settingsIn(environment);
      return openSession((aborting) => open({ ...parts, env, limits: program.limits }, aborting), program, signal);
    },
  };
  return sandbox;
}
