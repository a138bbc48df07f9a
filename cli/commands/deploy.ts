import { randomUUID } from 'node:crypto';
import { CommandFailure, exitCode } from '../failure.ts';
import { isOn, type Invocation } from '../invocation.ts';
import { findModel, modelTag } from '../model-reference.ts';
import { printResult } from '../output.ts';
import { oneLine } from '../terminal/text.ts';
import { withEngine } from '../with-engine.ts';

/** `forge deploy`: into the local Ollama after the smoke test, or out of it with `--remove`. */
export async function runDeploy(invocation: Invocation): Promise<number> {
  return withEngine(invocation, async ({ client }) => {
    const model = modelTag(await findModel(client, invocation.words[0] ?? ''));
    if (isOn(invocation, 'remove')) {
      const { removed } = await client.deployments.fromOllama({ model, requestId: randomUUID() });
      printResult(invocation, { model, removed }, () => [
        removed.length === 0 ? `${model} was not in Ollama.` : `Removed from Ollama: ${removed.join(', ')}.`,
      ]);
      return exitCode.done;
    }
    const deployment = await client.deployments.toOllama({ model, requestId: randomUUID() });
    if (!deployment.used) {
      throw new CommandFailure({
        code: 'command.not-deployed',
        message: `${model} was not put into Ollama: ${oneLine(deployment.reason).replace(/[.\s]+$/, '')}.`,
        remedy: `Start Ollama and try again, or serve it with Forge itself: forge serve ${model}`,
        exitCode: exitCode.machine,
      });
    }
    printResult(invocation, { model, ...deployment }, () => [
      `${model} is in Ollama ${deployment.version ?? ''} as ${deployment.names.join(', ')}.`,
      `Try it: ollama run ${deployment.names[0] ?? model}`,
    ]);
    return exitCode.done;
  });
}
