import type { DiskPart } from '#contract/settings.ts';

export interface DiskBar {
  readonly part: DiskPart;
  /** Of the largest part, 0..1: the length of its bar. */
  readonly share: number;
  /** Of the largest part, 0..1: what of the bar could go. */
  readonly freeableShare: number;
  readonly canClean: boolean;
}

/** Parts as bars against the largest one, the largest first. */
export function diskBars(parts: readonly DiskPart[]): readonly DiskBar[] {
  const largest = Math.max(1, ...parts.map(({ bytes }) => bytes));
  return parts
    .toSorted((one, other) => other.bytes - one.bytes || one.id.localeCompare(other.id))
    .map((part) => ({
      part,
      share: part.bytes / largest,
      freeableShare: part.deletion === 'kept' ? 0 : Math.min(part.freeableBytes, part.bytes) / largest,
      canClean: part.deletion !== 'kept' && part.freeableBytes > 0,
    }));
}

/** What all of Forge takes, and what of it could go without a loss. */
export function diskTotals(parts: readonly DiskPart[]): { readonly bytes: number; readonly safeBytes: number } {
  return {
    bytes: sum(parts.map(({ bytes }) => bytes)),
    safeBytes: sum(parts.filter(({ deletion }) => deletion === 'safe').map(({ freeableBytes }) => freeableBytes)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
