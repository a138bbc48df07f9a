import type { BaseModelView } from '#contract/base-models.ts';
import type { ForgeClient } from '#contract/client.ts';

/** What `forge base` needs of the engine: the group `baseModels` of the contract. */
export interface BaseModelProcedures {
  list(): Promise<BaseModelView[]>;
  /** `base`: id, alias, folder or GGUF file. */
  get(input: { base: string }): Promise<BaseModelView>;
  /** `path`: absolute path of a folder or a GGUF file; `name`: null for the one its header tells. */
  add(input: { path: string; name: string | null; requestId: string }): Promise<BaseModelView>;
  /** Removes what Forge fetched, or takes a model of the person's own off the list; the person's files stay. */
  remove(input: { base: string; requestId: string }): Promise<{ removed: string; freedBytes: number }>;
}

/** The procedures of a client. The contract's own types take over here once the group is in `contract/procedures.ts`. */
export function baseModelsOf(client: ForgeClient): BaseModelProcedures {
  return (client as unknown as { readonly baseModels: BaseModelProcedures }).baseModels;
}
