import type { OllamaOutcome, OllamaTarget, SetUpReport } from '../main-job/services.ts';

export interface DeploymentService {
  deployTarget(target: OllamaTarget, options: { signal: AbortSignal; report: SetUpReport }): Promise<OllamaOutcome>;
  deploy(reference: string): Promise<OllamaOutcome>;
  withdraw(reference: string): Promise<string[]>;
}

export function createDeploymentService(_options: unknown): DeploymentService {
  const none: OllamaOutcome = { used: false, version: null, reason: 'not yet', names: [] };
  return { deployTarget: async () => none, deploy: async () => none, withdraw: async () => [] };
}
