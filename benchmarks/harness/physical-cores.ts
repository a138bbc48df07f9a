import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEngine } from './engine-under-test.ts';

/** The threads a job gets on this machine: the engine is asked, so that benchmarks train with what the product trains with. */
export async function physicalCores(): Promise<number> {
  const home = await mkdtemp(path.join(tmpdir(), 'forge-bench-cores-'));
  try {
    const engine = await startEngine(home);
    const { machine } = await engine.client.machines.detect({}).finally(() => engine.stop());
    return machine.processor.physicalCores;
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
