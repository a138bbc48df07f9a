import { flag, type CommandSpec } from '../command-spec.ts';
import { profileOption } from './environment-commands.ts';
import { baseOption } from './main-job-commands.ts';

export const initCommand: CommandSpec = {
  name: 'init',
  summary: 'Get this machine ready: the folder, Python for training, the base model',
  description:
    'What is there already is checked and used again, so it can be stopped and repeated at any time. `forge quickstart` and `forge train` do the same by themselves.',
  examples: ['forge init', 'forge init --base qwen2.5-0.5b-instruct', 'forge init --folder-only --home ~/forge'],
  options: [
    baseOption,
    profileOption,
    flag('folder-only', 'Make only the folder and its commented config.toml; install and fetch nothing'),
  ],
  load: async () => (await import('../commands/init.ts')).runInit,
};

export const doctorCommand: CommandSpec = {
  name: 'doctor',
  summary: 'Check this machine and say what is in the way, each with its one remedy',
  examples: ['forge doctor', 'forge doctor --json'],
  load: async () => (await import('../commands/doctor.ts')).runDoctor,
};

export const statusCommand: CommandSpec = {
  name: 'status',
  summary: 'What runs and what is served, without starting anything',
  examples: ['forge status', 'forge status --json'],
  load: async () => (await import('../commands/status.ts')).runStatus,
};

export const stopCommand: CommandSpec = {
  name: 'stop',
  summary: 'Stop the engine; training that runs goes on and is found again',
  examples: ['forge stop'],
  load: async () => (await import('../commands/stop.ts')).runStop,
};

export const uiCommand: CommandSpec = {
  name: 'ui',
  summary: 'Open the interface in a browser, or print its address',
  options: [flag('no-open', 'Only print the address')],
  examples: ['forge ui', 'forge ui --no-open', 'forge ui --json'],
  load: async () => (await import('../commands/ui.ts')).runUi,
};

export const completionCommand: CommandSpec = {
  name: 'completion',
  summary: 'Print the completion script of a shell',
  arguments: [
    {
      name: 'shell',
      value: { kind: 'choice', choices: ['bash', 'zsh', 'fish'] },
      required: true,
      description: 'bash, zsh or fish',
    },
  ],
  examples: [
    'source <(forge completion bash)',
    'forge completion zsh > "${fpath[1]}/_forge"',
    'forge completion fish > ~/.config/fish/completions/forge.fish',
  ],
  load: async () => (await import('../commands/completion.ts')).runCompletion,
};
