import { join } from 'node:path';
import { environmentProfile, type EnvironmentProfile } from '#contract/environments.ts';

/**
 * Where things of an environment are:
 *
 *     FORGE_HOME/envs/<profile>-<12 digits of the lock's SHA-256>/
 *       python/            the virtual environment
 *       stages/            one stamp a finished stage
 *       requirements.txt   exactly what was installed
 *     FORGE_HOME/envs/.setup-<profile>-<digits>.json   who sets it up now
 *     FORGE_HOME/tools/uv/, FORGE_HOME/tools/python/   Forge's own installer and Python, when the machine has none
 */
export interface EnvironmentLayout {
  readonly environments: string;
  readonly privateUv: string;
  readonly privatePython: string;
  readonly pycache: string;
  readonly logs: string;
}

export function environmentLayout(home: string): EnvironmentLayout {
  return {
    environments: join(home, 'envs'),
    privateUv: join(home, 'tools', 'uv'),
    privatePython: join(home, 'tools', 'python'),
    pycache: join(home, 'cache', 'pycache'),
    logs: join(home, 'logs'),
  };
}

/** The folder's name, and back again; null for a folder that is not an environment. */
export function environmentName(profile: EnvironmentProfile, lockDigest: string): string {
  return `${profile}-${lockDigest.slice(0, 12)}`;
}

export function profileOfName(name: string): EnvironmentProfile | null {
  const match = /^([a-z]+)-[0-9a-f]{12}$/.exec(name);
  return environmentProfile.safeParse(match?.[1]).data ?? null;
}

/** A program inside a virtual environment. */
export function venvProgram(venv: string, name: string, platform: string): string {
  return platform === 'win32' ? join(venv, 'Scripts', `${name}.exe`) : join(venv, 'bin', name);
}

export function environmentPython(directory: string, platform: string): string {
  return venvProgram(join(directory, 'python'), 'python', platform);
}
