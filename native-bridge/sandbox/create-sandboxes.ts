import type { Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { createBubblewrapSandbox } from './bubblewrap-sandbox.ts';
import { createContainerSandbox } from './container-sandbox.ts';
import { createDenoSandbox } from './deno-sandbox.ts';
import { createLinkedPageHost } from './page/page-link.ts';
import { createPageSandbox } from './page/page-sandbox.ts';

/** Windows are pages of this machine: the engine's own address. */
const windows = 'http://127.0.0.1:* http://localhost:*';

/** Every kind of sandbox, the one to prefer first: native speed, then what stays when the window is closed, then what is slow to start. */
export function createSandboxes(environment: NodeJS.ProcessEnv): readonly Sandbox[] {
  return [
    createBubblewrapSandbox(environment),
    createDenoSandbox(environment),
    createPageSandbox({ host: createLinkedPageHost(), ancestors: windows }),
    createContainerSandbox(environment),
  ];
}
