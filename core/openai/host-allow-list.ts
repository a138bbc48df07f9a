/**
 * Is this Host header one under which the server may be called? A page of a foreign site whose name was made to point at this machine
 * (DNS rebinding) sends its own name, a program on this machine sends a loopback name. `extraHosts` are names that the person opened.
 */
export function isAllowedHost(header: string | undefined, extraHosts: readonly string[] = []): boolean {
  const name = hostName(header ?? '');
  if (name === null) return false;
  return name === 'localhost' || name === '[::1]' || isLoopbackAddress(name) || extraHosts.includes(name);
}

/**
 * Does the Host header name the very address of this machine that the connection came to? No foreign name can be made to do that: it
 * is how the machine is called from its network once the server listens there.
 */
export function isOwnAddress(header: string | undefined, localAddress: string | undefined): boolean {
  const name = hostName(header ?? '');
  const local = (localAddress ?? '').toLowerCase().replace(/^::ffff:/, '');
  return name !== null && local !== '' && name === (local.includes(':') ? `[${local}]` : local);
}

/** The name without the port, in lower case, or null when it is no proper Host header. */
function hostName(header: string): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(header);
  return match?.[1]?.toLowerCase().replace(/\.$/, '') ?? null;
}

const isLoopbackAddress = (name: string): boolean =>
  /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name) && name.split('.').every((part) => Number(part) <= 255);
