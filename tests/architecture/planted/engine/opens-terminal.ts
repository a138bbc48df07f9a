import { spawn } from 'node-pty';

export const open = spawn;
