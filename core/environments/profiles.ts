import type { EnvironmentProfile } from '#contract/environments.ts';
import type { DeviceKind } from '#contract/jobs.ts';

/** Pythons the locked packages have builds for (torch 2.13: 3.10 to 3.14; transformers 5.23: 3.11 and newer). */
export const pythonRange = { minimum: '3.11', maximum: '3.14', recommended: '3.12' } as const;

/** The oldest uv whose `pip sync`, `--torch-backend` and `--only-binary` are used here; the one in the lock is what the tests ran with. */
export const minimumUvVersion = '0.8.0';

export interface ProfileDefinition {
  readonly device: DeviceKind;
  /** Imported by the import probe; each is one whose absence would stop a worker. */
  readonly modules: readonly string[];
  readonly gloss: string;
}

const torchModules = ['torch', 'transformers', 'tokenizers', 'safetensors', 'gguf', 'numpy', 'jinja2'];

export const profileDefinitions: Readonly<Record<EnvironmentProfile, ProfileDefinition>> = {
  cpu: { device: 'cpu', modules: torchModules, gloss: 'trains on the processor' },
  cuda: { device: 'cuda', modules: [...torchModules, 'bitsandbytes'], gloss: 'trains on an NVIDIA card' },
  mlx: {
    device: 'mlx',
    modules: ['mlx', 'mlx_lm', 'transformers', 'tokenizers', 'safetensors', 'gguf', 'numpy', 'jinja2'],
    gloss: 'trains on Apple Silicon',
  },
  dev: { device: 'cpu', modules: [...torchModules, 'pytest', 'peft'], gloss: 'cpu plus the tools of contributors' },
};

const megabyte = 1_000_000;

/**
 * What a set-up needs, in bytes, before anything is fetched. Measured on Linux x86-64, Python 3.11, November 2026 (sizes of
 * the wheels, and of the folder after installing); other systems are of the small kind. Said with "about".
 */
export function estimateSize(
  profile: EnvironmentProfile,
  hasCudaLibraries: boolean,
): { downloadBytes: number; diskBytes: number } {
  if (profile === 'mlx') return { downloadBytes: 75 * megabyte, diskBytes: 260 * megabyte };
  const tools = profile === 'dev' ? 350 * megabyte : 0;
  if (!hasCudaLibraries)
    return { downloadBytes: 320 * megabyte + Math.round(tools / 3), diskBytes: 1100 * megabyte + tools };
  if (profile === 'cuda') return { downloadBytes: 2760 * megabyte, diskBytes: 5000 * megabyte };
  return { downloadBytes: 2420 * megabyte + Math.round(tools / 3), diskBytes: 4120 * megabyte + tools };
}

/** A size for a person: "2.4 GB" (10^9 bytes), below a tenth of one in MB. */
export function inGigabytes(bytes: number): string {
  return bytes < 100 * megabyte ? `${Math.round(bytes / megabyte)} MB` : `${(bytes / (1000 * megabyte)).toFixed(1)} GB`;
}
