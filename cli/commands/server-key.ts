import { randomUUID } from 'node:crypto';
import { exitCode } from '../failure.ts';
import { isOn, textValue, type Invocation } from '../invocation.ts';
import { printNote, printResult } from '../output.ts';
import { withEngine } from '../with-engine.ts';

/** `forge server key`: the key alone on standard output, so that it can be piped on; what it is worth is a note. */
export async function serverKey(invocation: Invocation): Promise<number> {
  const wanted = textValue(invocation, 'required');
  const renew = isOn(invocation, 'renew');
  const { key, required } = await withEngine(invocation, async ({ client }) => {
    if (wanted !== undefined || renew) {
      const isRequired = wanted === undefined ? (await client.serving.status()).keyRequired : wanted === 'on';
      await client.serving.setKey({ required: isRequired, renew, requestId: randomUUID() });
    }
    return client.serving.key();
  });
  printResult(invocation, { key, required }, () => [key]);
  if (!invocation.json)
    printNote(
      invocation,
      required
        ? 'Requests without this key are refused. Clients send it as their API key.'
        : 'Requests are answered without it as well; `forge server key --required on` changes that.',
    );
  return exitCode.done;
}
