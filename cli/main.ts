#!/usr/bin/env node
import { runCommandLine } from './command-line.ts';
import { processTerminal } from './terminal/terminal.ts';

/** A reader that went away (`forge runs list | head -1`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: processTerminal(process.env, process.platform),
  environment: process.env,
  platform: process.platform,
  workingDirectory: process.cwd(),
});

/** Nothing may hold the process once the command is done: a socket whose other end is gone closes only after a long wait. */
const lingerMs = 1_000;
setTimeout(() => process.exit(), lingerMs).unref();
