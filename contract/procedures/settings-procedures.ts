import { z } from 'zod';
import { longestSecret, secretView } from '../secrets.ts';
import { diskPart, ledgerEntry, licenceEntry, settingView } from '../settings.ts';
import { procedure, requestId } from './procedure.ts';

export const settingsProcedures = {
  list: procedure.output(z.array(settingView)),
  /** Writes one key into config.toml, comments kept; null takes it out, so that the default holds again. */
  set: procedure
    .input(
      z.object({
        key: z.string().max(100),
        value: z.union([z.string().max(4096), z.number(), z.boolean()]).nullable(),
        requestId,
      }),
    )
    .output(settingView),
};

export const storageProcedures = {
  usage: procedure.output(
    z.object({ home: z.string(), freeBytes: z.number(), totalBytes: z.number(), parts: z.array(diskPart) }),
  ),
  clean: procedure.input(z.object({ id: z.string().max(60), requestId })).output(z.object({ freedBytes: z.number() })),
};

export const networkProcedures = {
  /** Every request that left this machine, newest first; `before` is the `t` of the last one seen. */
  ledger: procedure
    .input(
      z.object({
        before: z.number().nullable().default(null),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    )
    .output(
      z.object({
        entries: z.array(ledgerEntry),
        /** Lines of the whole ledger. */
        total: z.number().int(),
        /** Lines met on the way to this page that are torn or no entries. */
        skipped: z.number().int().optional(),
        offline: z.boolean(),
      }),
    ),
};

export const aboutProcedures = {
  /** Licences of everything that is part of the product. */
  licences: procedure.output(z.array(licenceEntry)),
};

const secretName = z.string().min(1).max(64);

/** Keys and tokens by name. No answer and no error carries a value. */
export const secretProcedures = {
  /** Every secret Forge knows, with or without a value. */
  list: procedure.output(z.array(secretView)),
  set: procedure
    .input(z.object({ name: secretName, value: z.string().max(longestSecret), requestId }))
    .output(secretView),
  /** Takes the stored value away; `removed` is false when there was none. One of the environment stays. */
  remove: procedure
    .input(z.object({ name: secretName, requestId }))
    .output(secretView.extend({ removed: z.boolean() })),
};
