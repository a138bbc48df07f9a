import os from 'node:os';
import path from 'node:path';
import { applicationDataFolder } from '#contract/home-folder.ts';

interface HomeSources {
  /** Value of `--home`. */
  readonly option: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly workingDirectory: string;
  readonly userFolder?: string;
}

/** Absolute path of FORGE_HOME: `--home`, else the variable `FORGE_HOME`, else the platform's application-data folder. */
export function homeFolder(sources: HomeSources): string {
  const chosen = sources.option || sources.environment['FORGE_HOME'];
  return chosen === undefined || chosen === ''
    ? applicationDataFolder({ ...sources, userFolder: sources.userFolder ?? os.homedir() })
    : path.resolve(sources.workingDirectory, chosen);
}
