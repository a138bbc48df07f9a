import type { BaseModelView, CatalogueEntry } from '#contract/base-models.ts';
import type { DeviceKind } from '#contract/jobs.ts';
import type { ResolvedBaseModel } from './resolve-base-model.ts';
import { memoryByMethod } from './memory-by-method.ts';

export function describeEntry(entry: CatalogueEntry, resolved: ResolvedBaseModel, device: DeviceKind): BaseModelView {
  return {
    id: entry.id,
    name: entry.name,
    state: resolved.state,
    origin: resolved.origin,
    files: resolved.source,
    isOwn: false,
    facts: entry.facts,
    licence: entry.licence,
    gated: entry.gated,
    sizeBytes: entry.sizeBytes,
    memory: memoryByMethod(entry.facts, device),
    bestUse: entry.bestUse,
    aliases: entry.aliases,
  };
}

export function describeOwn(
  resolved: ResolvedBaseModel,
  own: { readonly name: string } | null,
  device: DeviceKind,
): BaseModelView {
  return {
    id: resolved.id,
    name: own?.name ?? resolved.id,
    state: resolved.state,
    origin: resolved.origin,
    files: resolved.source,
    isOwn: true,
    facts: resolved.facts,
    licence: null,
    gated: false,
    sizeBytes: null,
    memory: resolved.facts && memoryByMethod(resolved.facts, device),
    bestUse: null,
    aliases: [],
  };
}
