import type { CommandSpec } from './command-spec.ts';
import { quickstartCommand, trainCommand } from './tree/main-job-commands.ts';
import { completionCommand, doctorCommand, initCommand, statusCommand, stopCommand, uiCommand } from './tree/machine-commands.ts';
import { indexCommand, modelsCommand, runsCommand } from './tree/run-commands.ts';

/** Every command of `forge`, in the order of the help. Help, parsing and completion are made from this alone. */
export const commandTree: readonly CommandSpec[] = [
  quickstartCommand,
  initCommand,
  doctorCommand,
  statusCommand,
  trainCommand,
  runsCommand,
  modelsCommand,
  indexCommand,
  uiCommand,
  stopCommand,
  completionCommand,
];
