import { z } from 'zod';

const text = z.string().catch('');
const count = z.coerce.number().catch(0);

/** What is used of systeminformation's answers; everything else, and everything odd, is ignored. */
export const processorAnswer = z.object({
  manufacturer: text,
  brand: text,
  physicalCores: count,
  cores: count,
  flags: text,
});
export const memoryAnswer = z.object({ total: count, available: count });
export const systemAnswer = z.object({ platform: text, distro: text, release: text, kernel: text });
export const graphicsAnswer = z.object({
  controllers: z
    .array(z.object({ vendor: text, model: text, cores: z.coerce.number().nullish().catch(null) }))
    .catch([]),
});

export interface SystemAnswers {
  /** Null: this reader failed or took too long. */
  readonly processor: unknown;
  readonly memory: unknown;
  readonly system: unknown;
  readonly graphics: unknown;
}

export interface SystemFacts {
  readonly processor: { readonly name: string; readonly physicalCores: number; readonly flags: readonly string[] };
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number } | null;
  readonly system: string;
  readonly graphics: readonly { readonly vendor: string; readonly model: string; readonly cores: number | null }[];
  readonly missing: readonly string[];
}

export function parseSystem(answers: SystemAnswers): SystemFacts {
  const missing: string[] = [];
  const read = <T>(name: keyof SystemAnswers, schema: z.ZodType<T>): T | null => {
    const parsed = schema.safeParse(answers[name]);
    if (!parsed.success) missing.push(name);
    return parsed.data ?? null;
  };
  const processor = read('processor', processorAnswer);
  const memory = read('memory', memoryAnswer);
  const system = read('system', systemAnswer);
  const graphics = read('graphics', graphicsAnswer);
  const brand = processor?.brand ?? '';
  const manufacturer = processor?.manufacturer ?? '';
  return {
    processor: {
      name: (brand.startsWith(manufacturer) ? brand : `${manufacturer} ${brand}`).trim() || 'unknown processor',
      physicalCores: Math.floor(processor?.physicalCores ?? 0),
      flags: (processor?.flags ?? '').split(/\s+/),
    },
    memory:
      memory === null || memory.total <= 0 ? null : { totalBytes: memory.total, availableBytes: memory.available },
    system: `${system?.distro ?? ''} ${system?.release ?? ''}`.trim() || 'unknown system',
    graphics: (graphics?.controllers ?? []).map(({ vendor, model, cores }) => ({
      vendor,
      model,
      cores: cores ?? null,
    })),
    missing,
  };
}
