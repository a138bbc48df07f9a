import path from 'node:path';
import type { Cloud } from '#core/ports/cloud.ts';
import type { Outbound } from '#core/ports/outbound.ts';
import type { SecretStore } from '#core/ports/secret-store.ts';
import { createCloud } from '#native-bridge/cloud/create-cloud.ts';
import { createProviderService, type ProviderService } from './provider-service.ts';

export interface ProviderParts {
  /** FORGE_HOME */
  readonly home: string;
  readonly appDirectory: string;
  readonly outbound: Outbound;
  readonly secrets: Pick<SecretStore, 'read' | 'list' | 'remove'>;
  readonly monotonicMs: () => number;
}

/** Providers and the way to them. */
export function composeProviders(parts: ProviderParts): { readonly providers: ProviderService; readonly cloud: Cloud } {
  const cloud = createCloud({ outbound: parts.outbound });
  const providers = createProviderService({ ...parts, cloud, file: path.join(parts.home, 'providers.json') });
  return { providers, cloud };
}
