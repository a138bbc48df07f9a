import type { Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { createBubblewrapSandbox } from './bubblewrap-sandbox.ts';
import { createContainerSandbox } from './container-sandbox.ts';
import { createDenoSandbox } from './deno-sandbox.ts';
import { createLinkedPageHost } from './page/page-link.ts';
import { createPageSandbox } from './page/page-sandbox.ts';
import { remembering } from './remembered-fitness.ts';

/** Windows are pages of this machine: the engine's own address. */
const windows = 'http://127.0.0.1:* http://localhost:*';

export interface SandboxOptions {
  /** What held before is not believed: everything is tried now. */
  readonly isTriedAnew?: boolean;
}

/** Every kind of sandbox, the one to prefer first: native speed, then what stays when the window is closed, then what is slow to start. */
export function createSandboxes(
  environment: NodeJS.ProcessEnv,
  { isTriedAnew = false }: SandboxOptions = {},
): readonly Sandbox[] {
  return [
    remembering(createBubblewrapSandbox(environment), isTriedAnew),
    remembering(createDenoSandbox(environment), isTriedAnew),
    // Which window would hold it is not known before: it is tried each time.
    createPageSandbox({ host: createLinkedPageHost(), ancestors: windows }),
    remembering(createContainerSandbox(environment), isTriedAnew),
  ];
}
