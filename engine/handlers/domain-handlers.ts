import type { DomainService } from '../domains/domain-service.ts';
import { forgeImplementer } from '../transports/forge-router.ts';

/** `domains.*`. */
export function domainHandlers(service: DomainService) {
  const { domains } = forgeImplementer;
  return {
    domains: {
      list: domains.list.handler(() => service.list()),
      show: domains.show.handler(({ input }) => service.show(input.id)),
      create: domains.create.handler(({ input }) => service.create(input)),
    },
  };
}
