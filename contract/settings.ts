import { z } from 'zod';

/** One key of config.toml as a person meets it. */
export const settingView = z.object({
  /** `server.port` */
  key: z.string(),
  type: z.enum(['text', 'number', 'switch']),
  value: z.union([z.string(), z.number(), z.boolean()]),
  default: z.union([z.string(), z.number(), z.boolean()]),
  /** `environment` wins over the file and cannot be changed here. */
  origin: z.enum(['default', 'file', 'environment']),
  about: z.string(),
  /** The values a text may have; absent where any is allowed. */
  choices: z.array(z.string()).optional(),
  /** True: what runs keeps the old value until the engine starts anew. */
  needsRestart: z.boolean(),
});
export type SettingView = z.infer<typeof settingView>;

/** What one part of FORGE_HOME takes. */
export const diskPart = z.object({
  id: z.string(),
  label: z.string(),
  path: z.string(),
  bytes: z.number().nonnegative(),
  /** What it is and what follows when it goes. */
  about: z.string(),
  /** `safe`: made again by itself; `costly`: can be fetched or made again, which takes time; `kept`: only the person decides, elsewhere. */
  deletion: z.enum(['safe', 'costly', 'kept']),
  /** Bytes of all that deleting would take away; smaller than `bytes` where something is in use. */
  deletableBytes: z.number().nonnegative(),
  /** Bytes that deleting would free at once; smaller than `deletableBytes` where files are shared with a cache outside. */
  freeableBytes: z.number().nonnegative(),
});
export type DiskPart = z.infer<typeof diskPart>;

/** One line of logs/network.jsonl. */
export const ledgerEntry = z.object({
  t: z.number(),
  purpose: z.string(),
  method: z.string(),
  /** Without query values that could be secret. */
  url: z.string(),
  status: z.number().int().nullable(),
  sentBytes: z.number().nullable(),
  receivedBytes: z.number().nullable(),
  milliseconds: z.number().nullable(),
  failure: z.string().nullable(),
});
export type LedgerEntry = z.infer<typeof ledgerEntry>;

export const licenceEntry = z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() });
export type LicenceEntry = z.infer<typeof licenceEntry>;
