import type { ForgeErrorData } from '#contract/error-data.ts';

/** What one press can do about a server that failed. */
export type ServerRemedy =
  | { readonly kind: 'other-port'; readonly port: number }
  | { readonly kind: 'require-key' }
  | { readonly kind: 'this-machine' }
  | { readonly kind: 'start-again' };

const highestPort = 65_535;
/** Below it a port needs rights that Forge does not have. */
const lowestFreePort = 1024;

/** The remedy that Forge can carry out itself; starting again where there is no better one. */
export function serverRemedy({ code }: Pick<ForgeErrorData, 'code'>, port: number): ServerRemedy {
  switch (code) {
    case 'engine.port-taken':
      return { kind: 'other-port', port: nextPort(port) };
    case 'engine.not-loopback':
      return { kind: 'require-key' };
    case 'serving.address-not-usable':
      return { kind: 'this-machine' };
    default:
      return { kind: 'start-again' };
  }
}

/** The neighbour: easy to remember, and the same one for everybody who looks. */
export function nextPort(port: number): number {
  return port >= highestPort || port < lowestFreePort ? lowestFreePort + 8000 : port + 1;
}

/** Whether a port can be listened on without special rights. */
export function isUsablePort(port: number | null): port is number {
  return port !== null && Number.isInteger(port) && port >= lowestFreePort && port <= highestPort;
}
