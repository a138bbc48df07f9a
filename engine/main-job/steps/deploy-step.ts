import path from 'node:path';
import { questionOf } from '../../evaluation/score-served.ts';
import { servingContextTokens } from '../held-out.ts';
import { readRows } from '../row-files.ts';
import type { StepDefinition } from '../step.ts';

const smokePrompts = 10;

/** Makes the version available: in the embedded server always, in Ollama when one answers and agrees with the embedded server. */
export const deployStep: StepDefinition<'deploy'> = {
  step: 'deploy',
  title: 'deploying',
  skip: (build) => (build.request.export ? null : 'left out with the export'),
  inputs: ({ build, output }) => ({ file: output('parity').sha256, ollama: build.request.deployToOllama }),
  async run(context) {
    const { build, services, signal, report } = context;
    const file = context.output('parity');
    const contextTokens = servingContextTokens(context);
    const createdAtMs = services.clock.nowMs();
    const names = [`${build.name}:v${build.version}`, `${build.name}:latest`];
    await services.addServedModel(names.map((name) => ({ name, path: file.path, createdAtMs, contextTokens })));
    // Measuring is over: its process gives memory and processor back before the served one loads.
    if (build.request.deployToOllama === 'never') {
      await services.server.unload();
      return outcome({ used: false, version: null, reason: 'left out by --no-deploy', names: [] });
    }
    const heldOut = await readRows(path.join(context.directory, context.output('dataset').heldOutPath));
    const ollama = await services.deployToOllama(
      {
        name: build.name,
        version: build.version,
        ggufPath: file.path,
        contextTokens,
        prompts: heldOut.slice(0, smokePrompts).map((row) => questionOf(row).messages),
      },
      { signal, report },
    );
    await services.server.unload();
    if (!ollama.used) context.note(`Ollama: ${ollama.reason}`);
    return outcome({ used: ollama.used, version: ollama.version, reason: ollama.reason, names: [...ollama.names] });

    function outcome(output: { used: boolean; version: string | null; reason: string; names: string[] }) {
      return { output, artefacts: [], text: `${names.join(', ')} in the embedded server; Ollama: ${output.reason}` };
    }
  },
};
