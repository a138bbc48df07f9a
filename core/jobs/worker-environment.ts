/** What an attempt is granted. */
export interface WorkerGrant {
  readonly directory: string;
  readonly threads: number;
  readonly passiveWait: boolean;
}

/**
 * The whole environment of a worker: the interpreter's own entries plus the settings of docs/worker-protocol.md. What
 * would let the person's own Python leak in is taken out.
 */
export function workerEnvironment(
  base: Readonly<Record<string, string>>,
  markerName: string,
  grant: WorkerGrant,
): Readonly<Record<string, string>> {
  const kept = Object.fromEntries(Object.entries(base).filter(([name]) => !unwanted.has(name)));
  const threads = String(grant.threads);
  return {
    ...kept,
    PYTHONNOUSERSITE: '1',
    PYTHONUNBUFFERED: '1',
    PYTHONUTF8: '1',
    HF_HUB_OFFLINE: '1',
    TOKENIZERS_PARALLELISM: 'false',
    OMP_NUM_THREADS: threads,
    MKL_NUM_THREADS: threads,
    ...(grant.passiveWait ? { OMP_WAIT_POLICY: 'PASSIVE', GOMP_SPINCOUNT: '0' } : {}),
    [markerName]: grant.directory,
  };
}

const unwanted = new Set(['PYTHONPATH', 'PYTHONHOME', 'PYTHONSTARTUP', 'NODE_OPTIONS', 'NODE_CHANNEL_FD']);
