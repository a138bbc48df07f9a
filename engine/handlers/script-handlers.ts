import type { ScriptService } from '../foundry/scripts/script-service.ts';
import type { PageHub } from '../foundry/scripts/page-hub.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';
import { neverAborted } from './never-aborted.ts';

/** `scripts.*`. */
export function scriptHandlers(service: ScriptService, pages: PageHub): Handlers<'scripts'> {
  const { scripts } = forgeImplementer;
  return {
    scripts: {
      sandboxes: scripts.sandboxes.handler(({ signal }) => service.sandboxes(signal)),
      usedSandbox: scripts.usedSandbox.handler(({ signal }) => service.usedSandbox(signal)),
      review: scripts.review.handler(({ input }) => service.review(input)),
      run: scripts.run.handler(({ input }) => service.run(input.request, input.requestId)),
      keep: scripts.keep.handler(({ input }) => service.keep(input)),
      list: scripts.list.handler(() => service.list()),
      read: scripts.read.handler(async ({ input }) => ({ source: await service.read(input.script) })),
      holdPages: scripts.holdPages.handler(async function* ({ signal }) {
        yield* pages.hold(signal ?? neverAborted());
      }),
      pageSaid: scripts.pageSaid.handler(({ input }) => {
        pages.said(input);
        return {};
      }),
    },
  };
}
