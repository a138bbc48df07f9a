/** A set-up in a process of its own, to be killed: prints `<stage> <state>` a line. Arguments: home, mode of the stand-in for uv, or `real`. */
import { composeReal, composeWithFakeUv } from './compose.ts';

const [home = '', mode = ''] = process.argv.slice(2);
const { environments } = mode === 'real' ? composeReal(home) : await composeWithFakeUv(home, mode);
const status = await environments.setUp('cpu', {
  signal: new AbortController().signal,
  onProgress: ({ stage, state }) => process.stdout.write(`${stage} ${state}\n`),
});
process.stdout.write(`end ${status.state}\n`);
