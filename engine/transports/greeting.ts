import { ForgeError } from '#contract/errors.ts';
import { protocolVersion } from '#contract/protocol-version.ts';

/** For the handler of `engine.hello`. Throws `engine.protocol-mismatch`. */
export function requireSameProtocol(clientProtocol: number): void {
  if (clientProtocol === protocolVersion) return;
  throw new ForgeError('engine.protocol-mismatch', { client: clientProtocol, engine: protocolVersion });
}
