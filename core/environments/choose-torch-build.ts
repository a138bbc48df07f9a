import type { EnvironmentProfile, TorchBuild } from '#contract/environments.ts';

/** What decides the build of torch. `cuda` is null where no NVIDIA driver answered. */
export interface TorchMachine {
  readonly platform: string;
  readonly architecture: string;
  readonly cuda: { readonly version: string; readonly computeCapability: number } | null;
}

export interface TorchChoice {
  readonly build: TorchBuild;
  /** True: without this build the profile cannot work, so an index that does not answer is an error, not a reason for `default`. */
  readonly required: boolean;
  readonly reason: string;
}

/**
 * Which build of torch to install. torch's ordinary Linux build is made for CUDA 13, which needs a driver of CUDA 13 and a
 * card of compute capability 7.5 or more (NVIDIA, CUDA 13 release notes: Maxwell, Pascal and Volta are gone); the CUDA 12.6
 * build, from torch's own index, serves the rest. Windows' ordinary build has no CUDA.
 */
export function chooseTorchBuild(profile: EnvironmentProfile, machine: TorchMachine): TorchChoice {
  if (profile === 'mlx') return { build: 'default', required: false, reason: 'MLX does not use torch' };
  if (profile === 'cuda') return chooseCudaBuild(machine);
  if (machine.platform === 'linux')
    return { build: 'cpu', required: false, reason: 'without a graphics card the small build of torch is enough' };
  return { build: 'default', required: false, reason: 'the ordinary build is the small one here' };
}

function chooseCudaBuild({ platform, cuda }: TorchMachine): TorchChoice {
  const isOldCard = cuda !== null && cuda.computeCapability < 7.5;
  const isOldDriver = cuda !== null && Number.parseFloat(cuda.version) < 13;
  if (isOldCard || isOldDriver) {
    const reason = isOldCard
      ? 'the card is older than CUDA 13 supports'
      : `the driver knows CUDA ${cuda.version}, not 13`;
    return { build: 'cu126', required: true, reason };
  }
  if (platform === 'win32')
    return { build: 'cu130', required: true, reason: 'the ordinary build for Windows has no CUDA' };
  return { build: 'default', required: false, reason: 'the ordinary build is the one for CUDA 13' };
}
