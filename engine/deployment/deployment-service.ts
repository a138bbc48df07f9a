import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { OllamaStatus } from '#contract/serving.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { ModelServer } from '#core/ports/model-server.ts';
import type { Modelfile, Ollama } from '#core/ports/ollama.ts';
import { deriveModelfile } from '#core/serving/derive-modelfile.ts';
import { judgeSmokeTest } from '#core/serving/judge-smoke-test.ts';
import { compileChatTemplate } from '#native-bridge/llama/chat-template.ts';
import { cleanOllamaLeftovers, deployToOllama, withdrawFromOllama } from '#native-bridge/ollama/deploy-to-ollama.ts';
import { questionOf } from '../evaluation/score-served.ts';
import type { BuildStore } from '../main-job/build-store.ts';
import { servingContextTokens } from '../main-job/held-out.ts';
import { readRows } from '../main-job/row-files.ts';
import { outputOf } from '../main-job/runner.ts';
import type { OllamaOutcome, OllamaTarget, SetUpReport } from '../main-job/services.ts';
import type { ModelRegistry } from '../models/model-registry.ts';

export interface DeploymentService {
  status(): Promise<OllamaStatus>;
  /** Deploys when an Ollama answers; what stands in the way is a reason, not an error: the embedded server serves anyway. */
  deployTarget(target: OllamaTarget, options: { signal: AbortSignal; report: SetUpReport }): Promise<OllamaOutcome>;
  /** Deploys a finished version because the person asked. @throws ForgeError `serving.*` */
  deploy(reference: string, call?: DeploymentCall): Promise<OllamaOutcome>;
  withdraw(reference: string): Promise<string[]>;
  /** Names in Ollama now, as `support:v3`; none while it does not answer. */
  names(): Promise<ReadonlySet<string>>;
  /** Removes what a deployment that was killed half-way left. */
  clean(): Promise<void>;
}

/** Who waits for a deployment. */
export interface DeploymentCall {
  /** Breaks off; what was there before stays. */
  readonly signal: AbortSignal;
  readonly report: SetUpReport;
}

export interface DeploymentServiceOptions {
  readonly ollama: Ollama;
  readonly modelServer: ModelServer;
  readonly registry: ModelRegistry;
  readonly store: BuildStore;
  readonly physicalCores: number;
  readonly logger: Logger;
}

const smokePrompts = 10;
const longestDeploymentMs = 30 * 60_000;
const silentCall: DeploymentCall = { signal: new AbortController().signal, report: () => undefined };

export function createDeploymentService(options: DeploymentServiceOptions): DeploymentService {
  const { ollama, registry, store, logger } = options;
  return {
    status: () => ollama.detect(),
    async deployTarget(target, { signal, report }) {
      const status = await ollama.detect();
      if (status.state !== 'running')
        return { used: false, version: versionOf(status), reason: reasonOf(status), names: [] };
      try {
        return await deployProven(target, { ...options, signal, report });
      } catch (error) {
        if (!(error instanceof ForgeError) || signal.aborted) throw error;
        logger.warn({ code: error.code }, error.message);
        return { used: false, version: status.version, reason: error.message, names: [] };
      }
    },
    async deploy(reference, { signal, report } = silentCall) {
      const target = await targetOf(reference, { registry, store });
      const within = AbortSignal.any([signal, AbortSignal.timeout(longestDeploymentMs)]);
      return deployProven(target, { ...options, signal: within, report });
    },
    async withdraw(reference) {
      const { build } = await registry.find(reference);
      return withdrawFromOllama(ollama, { name: build.name, version: build.version });
    },
    async names() {
      try {
        if ((await ollama.detect()).state !== 'running') return new Set();
        return new Set((await ollama.list()).map(({ name }) => name));
      } catch (error) {
        logger.warn({ error: String(error) }, 'the models in Ollama cannot be listed');
        return new Set();
      }
    },
    async clean() {
      const removed = await cleanOllamaLeftovers(ollama);
      if (removed.length > 0)
        logger.info({ removed }, 'left-over models of an interrupted deployment were removed from Ollama');
    },
  };
}

interface ProvenDeployment extends DeploymentServiceOptions {
  readonly signal: AbortSignal;
  readonly report: SetUpReport;
}

const phaseTexts = {
  hashing: 'Ollama: reading the file',
  uploading: 'Ollama: handing the file over',
  creating: 'Ollama: creating the model',
  comparing: 'Ollama: comparing its answers with the embedded server',
} as const;

/** Loads the file in the embedded server, derives what Ollama must be told from the trained template, and lets both sides answer. */
async function deployProven(target: OllamaTarget, options: ProvenDeployment): Promise<OllamaOutcome> {
  const { ollama, modelServer, signal, report, physicalCores } = options;
  const modelfile = await modelfileOf(target, options);
  const deployed = await deployToOllama(
    { ...target, modelfile, threads: physicalCores, prompts: target.prompts.map((messages) => [...messages]) },
    {
      ollama,
      embedded: modelServer,
      judge: judgeSmokeTest,
      signal,
      onProgress: ({ phase, fraction }) => report({ text: phaseTexts[phase], fraction }),
    },
  );
  const { answersEqual, total } = deployed.verdict;
  const status = await ollama.detect();
  return {
    used: true,
    version: versionOf(status),
    reason: `${deployed.names.join(', ')}; ${answersEqual} of ${total} answers equal to the embedded server's`,
    names: deployed.names,
  };
}

async function modelfileOf(target: OllamaTarget, { modelServer, signal }: ProvenDeployment): Promise<Modelfile> {
  const loaded = await modelServer.load({ path: target.ggufPath, contextTokens: target.contextTokens }, signal);
  const { chatTemplate: source, bosText, eosText, addsBos } = loaded;
  const template = compileChatTemplate({ path: target.ggufPath, source, bosText, eosText });
  const derived = deriveModelfile({
    source,
    bosText,
    eosText,
    addsBos,
    render: (messages) => template.render(messages).text,
  });
  if (!derived.known) throw new ForgeError('serving.template-unknown', { reason: derived.reason });
  return derived.modelfile;
}

async function targetOf(
  reference: string,
  { registry, store }: { registry: ModelRegistry; store: BuildStore },
): Promise<OllamaTarget> {
  const { build, view } = await registry.find(reference);
  if (view.state !== 'ready' || view.ggufPath === null) {
    throw new ForgeError('engine.bad-input', {
      reason: `${build.name} v${build.version} is not finished (${view.state})`,
    });
  }
  const output = <S extends Parameters<typeof outputOf>[1]>(step: S) => outputOf(build, step);
  const rows = await readRows(path.join(store.directory(build), output('dataset').heldOutPath));
  return {
    name: build.name,
    version: build.version,
    ggufPath: view.ggufPath,
    contextTokens: servingContextTokens({ output }),
    prompts: rows.slice(0, smokePrompts).map((row) => questionOf(row).messages),
  };
}

function versionOf(status: OllamaStatus): string | null {
  return status.state === 'absent' ? null : status.version;
}

function reasonOf(status: OllamaStatus): string {
  if (status.state === 'absent') return `no Ollama answers at ${status.host}`;
  if (status.state === 'too-old')
    return `Ollama ${status.version} is older than ${status.minimum}; update it and run this again`;
  return '';
}
