import { flag, type ArgumentSpec, type CommandSpec } from '../command-spec.ts';

const runArgument: ArgumentSpec = {
  name: 'run',
  value: { kind: 'run' },
  required: true,
  description: 'Id of a run, the beginning of one, or last',
};

export const modelArgument: ArgumentSpec = {
  name: 'model',
  value: { kind: 'model' },
  required: true,
  description: 'A model: name, name:latest or name:v3',
};

interface RunAction {
  readonly name: 'pause' | 'resume' | 'cancel' | 'finish' | 'retry';
  readonly summary: string;
}

function runAction({ name, summary }: RunAction): CommandSpec {
  return {
    name,
    summary,
    arguments: [runArgument],
    examples: [`forge runs ${name} last`],
    load: async () => (await import('../commands/runs-change.ts')).changeRun(name),
  };
}

export const runsCommand: CommandSpec = {
  name: 'runs',
  summary: 'Work of Python workers: list, follow, pause, resume, cancel',
  defaultSubcommand: 'list',
  examples: ['forge runs', 'forge runs watch last', 'forge runs pause last'],
  subcommands: [
    {
      name: 'list',
      summary: 'Runs, the newest first',
      options: [
        {
          name: 'limit',
          placeholder: 'n',
          value: { kind: 'integer', minimum: 1, maximum: 500 },
          description: 'At most this many (default 20)',
        },
      ],
      examples: ['forge runs list --limit 5', 'forge runs list --json'],
      load: async () => (await import('../commands/runs.ts')).listRuns,
    },
    {
      name: 'show',
      summary: 'One run: state, figures, the last loss',
      arguments: [runArgument],
      examples: ['forge runs show last'],
      load: async () => (await import('../commands/runs.ts')).showRun,
    },
    {
      name: 'logs',
      summary: "Print a run's console",
      arguments: [runArgument],
      options: [
        flag('follow', 'Stay and print what comes'),
        flag('events', 'The worker events instead of the console, one JSON object a line'),
      ],
      examples: ['forge runs logs last', 'forge runs logs last --follow'],
      load: async () => (await import('../commands/runs-logs.ts')).printRunLog,
    },
    {
      name: 'watch',
      summary: "Follow a run's loss curve until it ends",
      arguments: [runArgument],
      examples: ['forge runs watch last'],
      load: async () => (await import('../commands/runs-watch.ts')).watchRun,
    },
    runAction({ name: 'pause', summary: 'Write a checkpoint and stop; resume goes on from there' }),
    runAction({ name: 'resume', summary: 'Go on with a paused or interrupted run' }),
    runAction({ name: 'cancel', summary: 'Stop a run for good; its best checkpoint is kept' }),
    runAction({ name: 'finish', summary: 'Stop training now and go on with the best checkpoint' }),
    runAction({ name: 'retry', summary: 'Run a failed, cancelled or interrupted run again' }),
    {
      name: 'move',
      summary: 'Put a run that waits before another one, or last',
      arguments: [runArgument],
      options: [
        {
          name: 'before',
          placeholder: 'run',
          value: { kind: 'run' },
          description: 'The run it goes before; without it, last',
        },
      ],
      examples: ['forge runs move last', 'forge runs move last --before mwqf7sze'],
      load: async () => (await import('../commands/runs-move.ts')).moveRun,
    },
    {
      name: 'remove',
      summary: 'Take a training out of the queue for good, or delete one that is over with its model',
      arguments: [{ ...modelArgument, description: 'The model it makes or made: name:v3, or name for its newest' }],
      options: [{ name: 'yes', short: 'y', description: 'Do not ask' }],
      examples: ['forge runs remove support:v4', 'forge runs remove support:v4 --yes --json'],
      load: async () => (await import('../commands/runs-remove.ts')).removeRun,
    },
    {
      name: 'answers',
      summary: 'What base and tuned model said to the rows kept aside, with the points of each',
      arguments: [{ ...modelArgument, required: false }],
      options: [
        {
          name: 'order',
          placeholder: 'order',
          value: { kind: 'choice', choices: ['worst', 'best', 'file'] },
          description: 'Rows that got worse first (default), that got better first, or as in the file',
        },
        {
          name: 'limit',
          placeholder: 'n',
          value: { kind: 'integer', minimum: 1, maximum: 200 },
          description: 'At most this many (default 10)',
        },
        {
          name: 'offset',
          placeholder: 'n',
          value: { kind: 'integer', minimum: 0, maximum: 1_000_000 },
          description: 'Leave out this many first',
        },
      ],
      examples: ['forge runs answers support:v1', 'forge runs answers support --order best --limit 50 --json'],
      load: async () => (await import('../commands/runs-answers.ts')).showAnswers,
    },
  ],
};

export const indexCommand: CommandSpec = {
  name: 'index',
  summary: 'The searchable index over the folders of FORGE_HOME',
  examples: ['forge index rebuild'],
  subcommands: [
    {
      name: 'rebuild',
      summary: 'Make the index anew from the run folders, which are the truth',
      examples: ['forge index rebuild', 'forge index rebuild --json'],
      load: async () => (await import('../commands/index-rebuild.ts')).rebuildIndex,
    },
  ],
};

export const modelsCommand: CommandSpec = {
  name: 'models',
  summary: 'Models you made: list, show, remove',
  defaultSubcommand: 'list',
  examples: ['forge models', 'forge models show support:v1'],
  subcommands: [
    {
      name: 'list',
      summary: 'Every version with its score',
      examples: ['forge models list', 'forge models list --json'],
      load: async () => (await import('../commands/models.ts')).listModels,
    },
    {
      name: 'show',
      summary: 'One version: figures, checks, files',
      arguments: [modelArgument],
      examples: ['forge models show support'],
      load: async () => (await import('../commands/models.ts')).showModel,
    },
    {
      name: 'remove',
      summary: 'Delete a version and its files',
      arguments: [modelArgument],
      options: [{ name: 'yes', short: 'y', description: 'Do not ask' }],
      examples: ['forge models remove support:v1 --yes'],
      load: async () => (await import('../commands/models.ts')).removeModel,
    },
  ],
};
