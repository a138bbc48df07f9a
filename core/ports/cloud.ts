import type { ProviderFormat } from '#contract/providers.ts';
import type { ChatProvider } from './chat-provider.ts';

/** A server to speak to, with its key. Never logged, never sent to a face. */
export interface CloudConnection {
  readonly id: string;
  /** For people, in errors: "OpenAI". */
  readonly name: string;
  readonly format: ProviderFormat;
  /** Base address without a slash at its end. */
  readonly address: string;
  /** Null for a server that wants none. */
  readonly key: string | null;
  /** Name of the key in the secret store, for remedies. */
  readonly secret: string;
}

/** Clouds and other servers that speak one of the provider formats. */
export interface Cloud {
  /** One model of a server. Nothing is asked before `chat`. */
  model(connection: CloudConnection, model: string): Promise<ChatProvider>;
  /** Asks for the list of models, which costs nothing and shows whether address and key are right. @throws ForgeError `provider.*`, `network.offline` */
  listModels(connection: CloudConnection, signal?: AbortSignal): Promise<readonly string[]>;
}
