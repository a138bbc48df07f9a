import type { DiskPart } from '#contract/settings.ts';

export interface DiskBar {
  readonly part: DiskPart;
  /** Of the largest part, 0..1: the length of its bar. */
  readonly share: number;
  /** Of the largest part, 0..1: what of the bar could go. */
  readonly deletableShare: number;
  readonly canClean: boolean;
  /** Bytes that would go and still take space, because a cache outside shares them. 0: none worth a word. */
  readonly sharedBytes: number;
}

/** Parts as bars against the largest one, the largest first. */
export function diskBars(parts: readonly DiskPart[]): readonly DiskBar[] {
  const largest = Math.max(1, ...parts.map(({ bytes }) => bytes));
  return parts
    .toSorted((one, other) => other.bytes - one.bytes || one.id.localeCompare(other.id))
    .map((part) => ({
      part,
      share: part.bytes / largest,
      deletableShare: Math.min(part.deletableBytes, part.bytes) / largest,
      canClean: part.deletableBytes > 0,
      sharedBytes: sharedBytes(part),
    }));
}

/** What all of Forge takes, and what of it could go without a loss. */
export function diskTotals(parts: readonly DiskPart[]): { readonly bytes: number; readonly safeBytes: number } {
  return {
    bytes: sum(parts.map(({ bytes }) => bytes)),
    safeBytes: sum(parts.filter(({ deletion }) => deletion === 'safe').map(({ freeableBytes }) => freeableBytes)),
  };
}

/** A handful of shared bytes is no news. */
const worthAWord = 1_000_000;

function sharedBytes({ deletableBytes, freeableBytes }: DiskPart): number {
  const shared = deletableBytes - freeableBytes;
  return shared < worthAWord ? 0 : shared;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
