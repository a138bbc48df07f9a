import os from 'node:os';
import path from 'node:path';

interface HomeSources {
  /** Value of `--home`. */
  readonly option: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly workingDirectory: string;
  readonly userFolder?: string;
}

function applicationData({ environment, platform, userFolder = os.homedir() }: HomeSources): string {
  if (platform === 'darwin') return path.join(userFolder, 'Library', 'Application Support', 'Forge');
  if (platform === 'win32')
    return path.join(environment['LOCALAPPDATA'] || path.join(userFolder, 'AppData', 'Local'), 'Forge');
  const data = environment['XDG_DATA_HOME'];
  // The XDG base directory specification says: a relative path there is to be ignored.
  return path.join(
    data !== undefined && path.isAbsolute(data) ? data : path.join(userFolder, '.local', 'share'),
    'forge',
  );
}

/** Absolute path of FORGE_HOME: `--home`, else the variable `FORGE_HOME`, else the platform's application-data folder. */
export function homeFolder(sources: HomeSources): string {
  const chosen = sources.option || sources.environment['FORGE_HOME'];
  return chosen === undefined || chosen === ''
    ? applicationData(sources)
    : path.resolve(sources.workingDirectory, chosen);
}
