import type { DomainService } from '../domains/domain-service.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';

/** `domains.*`. */
export function domainHandlers(service: DomainService): Handlers<'domains'> {
  const { domains } = forgeImplementer;
  return {
    domains: {
      list: domains.list.handler(() => service.list()),
      show: domains.show.handler(({ input }) => service.show(input.id)),
      create: domains.create.handler(({ input }) => service.create(input)),
    },
  };
}
