import { join } from 'node:path';
import { z } from 'zod';
import { deviceKind, type DeviceKind } from '#contract/jobs.ts';
import { ForgeError } from '#contract/errors.ts';
import type { SetupStep, TensorProbe } from '#core/ports/python-environment.ts';
import { environmentPython } from './environment-layout.ts';
import type { PythonTools } from './find-uv.ts';
import { workerEnvironment } from './worker-environment.ts';

/** A cold disk and 100 MB of Python to compile: slow, but not this slow. */
const probeTimeoutMs = 300_000;
const maximumOutputBytes = 1_000_000;

interface ProbeRequest {
  readonly directory: string;
  readonly script: 'import_probe.py' | 'tensor_probe.py';
  readonly args: readonly string[];
  readonly device: DeviceKind;
  readonly stage: string;
  readonly signal: AbortSignal;
}

/** Imports the modules in the environment; the answer is each one's version. */
export async function probeImports(
  tools: PythonTools,
  { directory, modules }: { readonly directory: string; readonly modules: readonly string[] },
  step: SetupStep,
): Promise<Record<string, string>> {
  const request = {
    directory,
    script: 'import_probe.py',
    args: modules,
    device: 'cpu',
    stage: 'import probe',
  } as const;
  return z.record(z.string(), z.string()).parse(await runProbe(tools, { ...request, signal: step.signal }));
}

const tensorProbe = z.object({ kind: deviceKind, name: z.string(), bfloat16: z.boolean() });

/** A product and a gradient on the device, checked against known numbers. */
export async function probeTensor(
  tools: PythonTools,
  { directory, device }: { readonly directory: string; readonly device: DeviceKind },
  step: SetupStep,
): Promise<TensorProbe> {
  const request = { directory, script: 'tensor_probe.py', args: [device], device, stage: 'calculation probe' } as const;
  return tensorProbe.parse(await runProbe(tools, { ...request, signal: step.signal }));
}

async function runProbe(tools: PythonTools, request: ProbeRequest): Promise<unknown> {
  const python = environmentPython(request.directory, tools.platform);
  const { device, signal, stage } = request;
  const { pycache } = tools.layout;
  const settings = {
    threads: 1,
    passiveWait: true,
    device,
    platform: tools.platform,
    python,
    pycache,
    cache: pycache,
    own: tools.own,
  };
  const script = join(tools.appDirectory, 'python-env', 'setup_probes', request.script);
  try {
    const options = { timeoutMs: probeTimeoutMs, maximumOutputBytes, env: workerEnvironment(settings), signal };
    const { stdout } = await tools.run(python, [script, ...request.args], options);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ForgeError('environment.probe-failed', { stage, detail: probeFailure(error) }, { cause: error });
  }
}

/** The last line a failed probe wrote: Python's own sentence ("ModuleNotFoundError: ..."). */
function probeFailure(error: unknown): string {
  const text = error instanceof ForgeError ? String(error.detail['tail'] ?? error.message) : String(error);
  return (text.trim().split('\n').at(-1) ?? '').slice(0, 300);
}
