import { randomUUID } from 'node:crypto';
import type { Fitness, Sandbox, ScriptLimits } from '#core/foundry/scripts/sandbox.ts';
import { runTool } from '../processes/run-tool.ts';
import { readDriver } from './app-files.ts';
import type { SandboxChannel } from './channel.ts';
import { findProgram } from './find-program.ts';
import { startFramedProcess } from './framed-process.ts';
import { tryToEscape } from './quick-escapes.ts';
import { awaitReady, frameShare, openSession } from './script-session.ts';

const readyMs = 60_000;
const questionMs = 15_000;

interface Parts {
  readonly program: string;
  readonly image: string;
}

/** Official images of Python, under any registry and tag. Nothing is ever fetched for it. */
const pythonImage = /(^|\/)(python|forge-sandbox):/;

async function partsOf(environment: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Parts | string> {
  const program = findProgram(['podman', 'docker'], environment);
  if (program === null) return 'neither Podman nor Docker is installed';
  const options = { timeoutMs: questionMs, maximumOutputBytes: 1_000_000, ...(signal !== undefined && { signal }) };
  try {
    const { stdout } = await runTool(program, ['images', '--format', '{{.Repository}}:{{.Tag}}'], options);
    const image = stdout.split('\n').find((name) => pythonImage.test(name.trim()));
    return image === undefined ? `${program} has no image of Python` : { program, image: image.trim() };
  } catch (error) {
    return `${program} does not answer: ${(error as Error).message.split('\n')[0]?.slice(0, 200) ?? ''}`;
  }
}

interface ContainerRun {
  readonly image: string;
  readonly name: string;
  readonly driver: string;
  readonly memoryBytes: number;
}

/** No network, nothing that can be written, no privileges, an account that is nobody's, a few processes, and the memory of the limit. */
function argumentsOf({ image, name, driver, memoryBytes }: ContainerRun): string[] {
  return [
    ...['run', '--rm', '--interactive', '--pull', 'never', '--name', name, '--network', 'none', '--read-only'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--user', '65534:65534', '--ipc', 'private'],
    ...[
      '--ulimit',
      'nofile=256:256',
      '--ulimit',
      'nproc=64:64',
      '--pids-limit',
      '8',
      '--memory',
      String(memoryBytes),
      '--memory-swap',
      String(memoryBytes),
    ],
    ...['--log-driver', 'none', '--env', 'PYTHONHASHSEED=0', '--entrypoint', 'python3', image],
    ...['-s', '-S', '-B', '-X', 'utf8', '-c', `${driver}\nmain(${memoryBytes})\n`],
  ];
}

async function open({ program, image }: Parts, limits: ScriptLimits, signal?: AbortSignal): Promise<SandboxChannel> {
  const name = `forge-sandbox-${randomUUID()}`;
  const channel = startFramedProcess({
    program,
    args: argumentsOf({ image, name, driver: await readDriver(), memoryBytes: limits.memoryBytes }),
    // Both look for their settings below HOME; nothing of it reaches the container.
    environment: Object.fromEntries(
      ['HOME', 'PATH', 'XDG_RUNTIME_DIR', 'DOCKER_HOST'].flatMap((key) =>
        process.env[key] ? [[key, process.env[key]]] : [],
      ),
    ),
    frameBytes: limits.outputBytes * frameShare,
    signal,
  });
  const removing: SandboxChannel = {
    ask: (question) => channel.ask(question),
    async close() {
      await channel.close();
      // The client's end does not end the container. One that is gone already is no error.
      const options = { timeoutMs: questionMs, maximumOutputBytes: 100_000, expectedExitCodes: [0, 1, 125] };
      await runTool(program, ['rm', '--force', name], options);
    },
  };
  return awaitReady(removing, readyMs);
}

/** Podman or Docker with an image of Python that is there already. */
export function createContainerSandbox(environment: NodeJS.ProcessEnv): Sandbox {
  const sandbox: Sandbox = {
    name: 'container',
    label: 'Podman or Docker',
    async probe(signal): Promise<Fitness> {
      const parts = await partsOf(environment, signal);
      return typeof parts === 'string'
        ? { isFit: false, detail: parts }
        : tryToEscape(sandbox, `${parts.image} in ${parts.program}`, signal);
    },
    async start(program, signal) {
      const parts = await partsOf(environment, signal);
      if (typeof parts === 'string') throw new Error(parts);
      return openSession((aborting) => open(parts, program.limits, aborting), program, signal);
    },
  };
  return sandbox;
}
