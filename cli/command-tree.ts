import type { CommandSpec } from './command-spec.ts';
import { baseCommand } from './tree/base-commands.ts';
import { compareCommand } from './tree/compare-commands.ts';
import { studyCommand } from './tree/data-check-commands.ts';
import { dataCommand } from './tree/data-commands.ts';
import { envCommand } from './tree/environment-commands.ts';
import { domainCommand } from './tree/domain-commands.ts';
import {
  completionCommand,
  doctorCommand,
  initCommand,
  statusCommand,
  stopCommand,
  uiCommand,
} from './tree/machine-commands.ts';
import { networkCommand, settingsCommand, storageCommand } from './tree/housekeeping-commands.ts';
import { quickstartCommand, trainCommand } from './tree/main-job-commands.ts';
import { secretsCommand } from './tree/secret-commands.ts';
import { serverCommand } from './tree/server-commands.ts';
import { indexCommand, modelsCommand, runsCommand } from './tree/run-commands.ts';
import { deployCommand, exportCommand, inferenceCommand, serveCommand } from './tree/serving-commands.ts';

/** Every command of `forge`, in the order of the help. Help, parsing and completion are made from this alone. */
export const commandTree: readonly CommandSpec[] = [
  quickstartCommand,
  initCommand,
  doctorCommand,
  statusCommand,
  envCommand,
  baseCommand,
  secretsCommand,
  settingsCommand,
  storageCommand,
  networkCommand,
  dataCommand,
  studyCommand,
  domainCommand,
  trainCommand,
  runsCommand,
  modelsCommand,
  exportCommand,
  deployCommand,
  inferenceCommand,
  compareCommand,
  serveCommand,
  serverCommand,
  indexCommand,
  uiCommand,
  stopCommand,
  completionCommand,
];
