import type { Cloud } from '#core/ports/cloud.ts';
import type { Outbound } from '#core/ports/outbound.ts';
import { createCloudChat } from './cloud-chat.ts';
import { listCloudModels } from './list-cloud-models.ts';
import { outboundFetch } from './outbound-fetch.ts';
import { defaultPatience, type CloudPatience } from './watch-silence.ts';

export interface CloudOptions {
  readonly outbound: Outbound;
  /** Shorter ones for tests. */
  readonly patience?: Partial<CloudPatience>;
}

/** Providers of models over the one ledgered way out. */
export function createCloud({ outbound, patience = {} }: CloudOptions): Cloud {
  return {
    model: (connection, model) =>
      createCloudChat({
        connection,
        model,
        fetch: outboundFetch(outbound, `asking ${connection.name}`),
        patience: { ...defaultPatience, ...patience },
      }),
    listModels: (connection, signal) => listCloudModels(outbound, connection, signal),
  };
}
