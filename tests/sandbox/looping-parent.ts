// Starts a script that loops for ever in the sandbox that is named, and says when it does. Its test kills it.
import { isStop } from '#core/foundry/scripts/sandbox.ts';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import { textRow } from '#core/foundry/fake-rows.ts';
import { program } from './open-air.ts';

const sandbox = createSandboxes(process.env).find(({ name }) => name === process.argv[2]);
if (sandbox === undefined) throw new Error('there is no such sandbox');
const { limits } = program('');
const endless = { ...limits, messageMs: () => 600_000 };
const session = await sandbox.start(program('def transform(row):\n    while True: pass', { limits: endless }));
if (isStop(session)) throw new Error(session.reason);
const answer = session.transform([textRow('x')], 0);
process.stdout.write('loops\n');
await answer;
