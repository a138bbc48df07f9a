import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { DiskPart } from '#contract/settings.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import { folderSize } from '#native-bridge/files/folder-size.ts';
import { removeFolder } from '#native-bridge/files/remove-folder.ts';
import type { HomeLayout } from '../home-layout.ts';
import { oneByOne } from '../one-by-one.ts';
import { diskParts, inUseReason, type PartDefinition, type StorageUse } from './disk-parts.ts';

/** Sizes are good for this long: they change slowly, and a full look takes seconds. */
export const keptMs = 30_000;
/** Longest look at one part. */
const measureMs = 10_000;

export interface StorageUsage {
  readonly home: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly parts: DiskPart[];
}

export interface StorageService {
  /** What FORGE_HOME takes, part by part; kept for 30 s. */
  usage(): Promise<StorageUsage>;
  /**
   * Deletes what can go of a safe or costly part now. What is in use stays.
   * @returns bytes freed
   * @throws ForgeError `disk.unknown-part`, `disk.kept`, `disk.in-use`
   */
  clean(id: string): Promise<number>;
}

export interface StorageServiceOptions {
  readonly layout: HomeLayout;
  readonly use: StorageUse;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createStorageService(options: StorageServiceOptions): StorageService {
  const { layout, clock } = options;
  const inTurn = oneByOne();
  let kept: { readonly untilMs: number; readonly usage: Promise<StorageUsage> } | null = null;
  const look = async (): Promise<StorageUsage> => {
    const { bavail, blocks, bsize } = await statfs(layout.home);
    const parts: DiskPart[] = [];
    for (const part of diskParts) parts.push(await measurePart(part, options));
    return { home: layout.home, freeBytes: bavail * bsize, totalBytes: blocks * bsize, parts };
  };
  return {
    usage: () => {
      if (kept === null || clock.monotonicMs() >= kept.untilMs) {
        kept = { untilMs: clock.monotonicMs() + keptMs, usage: look() };
        kept.usage.catch(() => (kept = null));
      }
      return kept.usage;
    },
    clean: (id) =>
      inTurn(async () => {
        const part = diskParts.find((one) => one.id === id);
        if (part === undefined) throw new ForgeError('disk.unknown-part', { id });
        const { label, deletion, remedy = '' } = part;
        if (deletion === 'kept') throw new ForgeError('disk.kept', { label, remedy });
        try {
          return await cleanPart(part, options);
        } finally {
          kept = null;
        }
      }),
  };
}

async function measurePart(
  { places, path: pathOf, ...part }: PartDefinition,
  { layout, use, clock }: StorageServiceOptions,
): Promise<DiskPart> {
  const { deletable, kept, skip } = await places(layout, use);
  const end = clock.monotonicMs() + measureMs;
  const isOver = (): boolean => clock.monotonicMs() >= end;
  const free = await folderSize(deletable, { isOver });
  const rest = await folderSize(kept, { isOver, ...(skip === undefined ? {} : { skip }) });
  const isPartial = free.isPartial || rest.isPartial;
  return {
    ...{ id: part.id, label: part.label, deletion: part.deletion, path: pathOf(layout) },
    about: isPartial ? `${part.about} There is so much of it that it was not counted to the end.` : part.about,
    bytes: free.bytes + rest.bytes,
    deletableBytes: part.deletion === 'kept' ? 0 : free.bytes,
    freeableBytes: free.freeableBytes,
  };
}

async function cleanPart(part: PartDefinition, { layout, use, logger }: StorageServiceOptions): Promise<number> {
  const { deletable, kept } = await part.places(layout, use);
  if (deletable.length === 0 && part.deletion === 'costly' && (await folderSize(kept)).bytes > 0)
    throw new ForgeError('disk.in-use', { label: part.label, reason: inUseReason });
  let freedBytes = 0;
  for (const place of deletable) {
    // Work may have begun since: what it took up meanwhile stays.
    const isStillFree = part.deletion === 'safe' || (await part.places(layout, use)).deletable.includes(place);
    if (!isStillFree) continue;
    const { freeableBytes } = await folderSize([place]);
    await removeFolder(place, path.join(layout.home, 'cache'));
    freedBytes += freeableBytes;
  }
  logger.info({ part: part.id, places: deletable.length, freedBytes }, 'part of the home cleaned');
  return freedBytes;
}
