import type { DeviceKind } from '#contract/jobs.ts';

/** A job that waits. Lower ranks go first. */
export interface WaitingJob {
  readonly id: string;
  readonly device: DeviceKind;
  readonly queueRank: number;
}

/** Which job holds a device. One row per device: a worker takes its device alone. */
export interface DeviceLease {
  readonly device: string;
  readonly jobId: string | null;
}

export interface LeaseGrant {
  readonly jobId: string;
  readonly device: string;
}

/** A device of the machine ("cpu", "cuda:0", "mlx") as the kind a job asks for. */
export function kindOfDevice(device: string): string {
  return device.split(':', 1)[0] ?? device;
}

/**
 * Which waiting jobs may start now. Jobs are looked at in order; each takes the first free device of its kind. A job whose
 * kind is taken waits without holding up jobs for other devices.
 */
export function planGrants(waiting: readonly WaitingJob[], leases: readonly DeviceLease[]): readonly LeaseGrant[] {
  const free = leases.filter(({ jobId }) => jobId === null).map(({ device }) => device);
  const grants: LeaseGrant[] = [];
  for (const job of inOrder(waiting)) {
    const index = free.findIndex((device) => kindOfDevice(device) === job.device);
    const [device] = index < 0 ? [] : free.splice(index, 1);
    if (device !== undefined) grants.push({ jobId: job.id, device });
  }
  return grants;
}

/** 1-based place of each waiting job among those that want the same kind of device. */
export function queuePositions(waiting: readonly WaitingJob[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const positions = new Map<string, number>();
  for (const job of inOrder(waiting)) {
    const position = (counts.get(job.device) ?? 0) + 1;
    counts.set(job.device, position);
    positions.set(job.id, position);
  }
  return positions;
}

/**
 * New ranks after moving a job before another (null: to the end). Only jobs whose rank changes are in the answer; the
 * ranks in use stay the same set, so that a later submission still goes behind them.
 */
export function reorderRanks(
  waiting: readonly WaitingJob[],
  movedId: string,
  beforeId: string | null,
): ReadonlyMap<string, number> {
  const ordered = inOrder(waiting);
  const moved = ordered.find(({ id }) => id === movedId);
  if (moved === undefined || movedId === beforeId) return new Map();
  const rest = ordered.filter((job) => job !== moved);
  const index = beforeId === null ? rest.length : rest.findIndex(({ id }) => id === beforeId);
  if (index < 0) return new Map();
  const wanted = [...rest.slice(0, index), moved, ...rest.slice(index)];
  const changes = new Map<string, number>();
  wanted.forEach((job, place) => {
    const rank = ordered[place]?.queueRank ?? job.queueRank;
    if (rank !== job.queueRank) changes.set(job.id, rank);
  });
  return changes;
}

function inOrder(waiting: readonly WaitingJob[]): readonly WaitingJob[] {
  return waiting.toSorted((one, other) => one.queueRank - other.queueRank || (one.id < other.id ? -1 : 1));
}
