// Starts a script that loops for ever in the sandbox that is named, and says when it does; then when it was stopped, and waits. Its test kills it.
import { isStop } from '#core/foundry/scripts/sandbox.ts';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import { textRow } from '#core/foundry/fake-rows.ts';
import { program } from './open-air.ts';

const [name, milliseconds] = process.argv.slice(2);
const sandbox = createSandboxes(process.env).find((one) => one.name === name);
if (sandbox === undefined) throw new Error('there is no such sandbox');
const limits = { ...program('').limits, startMs: 60_000, rowMs: null, messageMs: () => Number(milliseconds) };
const session = await sandbox.start(program('def transform(row):\n    while True: pass', { limits }));
if (isStop(session)) throw new Error(session.reason);
const answer = session.transform([textRow('x')], 0);
process.stdout.write('loops\n');
const stop = await answer;
process.stdout.write(`${stop.kind === 'stopped' ? stop.why : stop.kind}\n`);
process.stdin.resume();
