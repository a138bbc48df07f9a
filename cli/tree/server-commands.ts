import { logLevels } from '#contract/engine-log.ts';
import { flag, textOption, type ArgumentSpec, type CommandSpec } from '../command-spec.ts';

const modelArgument: ArgumentSpec = {
  name: 'model',
  value: { kind: 'model' },
  required: true,
  description: 'A name that clients may ask for: support, support:v3',
};

export const serverCommand: CommandSpec = {
  name: 'server',
  summary: 'The OpenAI-compatible server that stays: start, stop, key, which version it gives',
  description:
    'The same server as in the window and the tray: what one of them changes, the others show. It goes on until it is stopped, or the engine with `forge stop`.',
  defaultSubcommand: 'status',
  examples: ['forge server', 'forge server start --port 8080', 'forge server switch support v2', 'forge server key'],
  subcommands: [
    {
      name: 'status',
      summary: 'Its state, address, models and requests; starts nothing',
      examples: ['forge server status', 'forge server status --json'],
      load: async () => (await import('../commands/server.ts')).showServer,
    },
    {
      name: 'start',
      summary: 'Start it, or move it to another address',
      options: [
        {
          name: 'port',
          placeholder: 'port',
          value: { kind: 'integer', minimum: 0, maximum: 65_535 },
          description: 'Port; 0 takes any free one (default: the one in use, else 18793)',
        },
        textOption('host', 'address', 'Address to listen on; beyond 127.0.0.1 a key must be required first'),
      ],
      examples: ['forge server start', 'forge server start --port 8080'],
      load: async () => (await import('../commands/server.ts')).startServer,
    },
    {
      name: 'stop',
      summary: 'Stop it; models leave memory',
      examples: ['forge server stop'],
      load: async () => (await import('../commands/server.ts')).stopServer,
    },
    {
      name: 'restart',
      summary: 'Stop it and start it at the same address',
      examples: ['forge server restart'],
      load: async () => (await import('../commands/server.ts')).restartServer,
    },
    {
      name: 'watch',
      summary: 'Print every change of its state until Ctrl-C; with --json one object a line',
      examples: ['forge server watch', 'forge server watch --json'],
      load: async () => (await import('../commands/server-watch.ts')).watchServer,
    },
    {
      name: 'logs',
      summary: 'What the engine and the server noted, the newest last; never a secret',
      options: [
        {
          name: 'limit',
          placeholder: 'n',
          value: { kind: 'integer', minimum: 1, maximum: 10_000 },
          description: 'At most this many of the last lines (default 50)',
        },
        {
          name: 'level',
          placeholder: 'level',
          value: { kind: 'choice', choices: logLevels },
          description: 'Leave out what is less urgent: debug, info, warn, error (default debug)',
        },
        flag('follow', 'Go on with what is written from now on, until Ctrl-C; with --json one object a line'),
      ],
      examples: ['forge server logs', 'forge server logs --level warn', 'forge server logs --follow'],
      load: async () => (await import('../commands/server-logs.ts')).printServerLog,
    },
    {
      name: 'requests',
      summary: 'The last requests: never a prompt, never an answer',
      options: [
        {
          name: 'limit',
          placeholder: 'n',
          value: { kind: 'integer', minimum: 1, maximum: 200 },
          description: 'At most this many (default 20)',
        },
      ],
      examples: ['forge server requests', 'forge server requests --limit 100 --json'],
      load: async () => (await import('../commands/server-requests.ts')).listRequests,
    },
    {
      name: 'key',
      summary: 'Print the key clients may send, require it, or renew it',
      options: [
        {
          name: 'required',
          placeholder: 'on|off',
          value: { kind: 'choice', choices: ['on', 'off'] },
          description: 'From now on refuse requests without it, or let them in again',
        },
        flag('renew', 'Make another one; the old one is worth nothing any more'),
      ],
      examples: ['forge server key', 'forge server key --required on', 'forge server key --renew'],
      load: async () => (await import('../commands/server-key.ts')).serverKey,
    },
    {
      name: 'switch',
      summary: 'Which version clients get under the bare name',
      arguments: [
        { name: 'name', value: { kind: 'text' }, required: true, description: 'Name of a model: support' },
        {
          name: 'version',
          value: { kind: 'text' },
          required: true,
          description: 'v2, back (the one before), or newest (follows new versions again)',
        },
      ],
      examples: [
        'forge server switch support v2',
        'forge server switch support back',
        'forge server switch support newest',
      ],
      load: async () => (await import('../commands/server-switch.ts')).switchVersion,
    },
    {
      name: 'load',
      summary: 'Bring a model into memory now instead of at its first request',
      arguments: [modelArgument],
      examples: ['forge server load support'],
      load: async () => (await import('../commands/server.ts')).loadModel,
    },
    {
      name: 'unload',
      summary: 'Take a model out of memory once its running answers have ended',
      arguments: [modelArgument],
      examples: ['forge server unload support'],
      load: async () => (await import('../commands/server.ts')).unloadModel,
    },
  ],
};
