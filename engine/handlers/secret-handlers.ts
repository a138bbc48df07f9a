import type { SecretService } from '../secrets/secret-service.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';

/** `secrets.*`. */
export function secretHandlers(service: SecretService): Handlers<'secrets'> {
  const { secrets } = forgeImplementer;
  return {
    secrets: {
      list: secrets.list.handler(() => service.list()),
      set: secrets.set.handler(({ input }) => service.set(input.name, input.value)),
      remove: secrets.remove.handler(({ input }) => service.remove(input.name)),
    },
  };
}
