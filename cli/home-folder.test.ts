import assert from 'node:assert/strict';
import { test } from 'node:test';
import { homeFolder } from './home-folder.ts';

const base = {
  option: undefined,
  environment: {},
  platform: 'linux' as NodeJS.Platform,
  workingDirectory: '/work here',
  userFolder: '/home/ada',
};

test('--home beats FORGE_HOME, which beats the application-data folder; relative paths count from here', () => {
  assert.deepEqual(
    [
      homeFolder(base),
      homeFolder({ ...base, environment: { XDG_DATA_HOME: '/data' } }),
      homeFolder({ ...base, environment: { XDG_DATA_HOME: 'relative' } }),
      homeFolder({ ...base, environment: { FORGE_HOME: '/elsewhere' } }),
      homeFolder({ ...base, environment: { FORGE_HOME: '' } }),
      homeFolder({ ...base, option: 'sub folder/ü', environment: { FORGE_HOME: '/elsewhere' } }),
    ],
    [
      '/home/ada/.local/share/forge',
      '/data/forge',
      '/home/ada/.local/share/forge',
      '/elsewhere',
      '/home/ada/.local/share/forge',
      '/work here/sub folder/ü',
    ],
  );
});

test('each platform has its own place', () => {
  assert.equal(homeFolder({ ...base, platform: 'darwin' }), '/home/ada/Library/Application Support/Forge');
  assert.equal(
    homeFolder({ ...base, platform: 'win32', environment: { LOCALAPPDATA: 'C:\\ada\\Local' } }),
    'C:\\ada\\Local\\Forge',
  );
});
