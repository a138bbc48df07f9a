import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ForgeError } from '#contract/errors.ts';
import type { ModelCheck, ModelExport, ParityGate } from '#contract/exports.ts';
import { forgeImplementer } from '#engine/transports/forge-router.ts';

const sha256 = 'a'.repeat(64);
const gates: ParityGate[] = [
  { gate: 'file', name: 'same file', measured: 'sha256 aaaaaaaaaaaa', needed: 'sha256 aaaaaaaaaaaa' },
  { gate: 'tokens', name: 'same tokens', measured: '50 of 50 texts', needed: 'all' },
].map((gate) => ({ ...gate, gate: gate.gate as ParityGate['gate'], passed: true, remedy: null }));
const lossGate: ParityGate = {
  ...{ gate: 'loss', name: 'same loss', measured: '0.1400 (+14.3 %)', needed: '+1 % or +0.005', passed: false },
  remedy: 'Export it in a larger file type (--type Q8_0 or F16), which loses less.',
};

/** Plays `models.export` and `models.check`: Q4_K_M fails its loss gate, the adapter (with RECORDED_EXPORT_HANGS everything) hangs until it is broken off. */
export function recordedExports() {
  const { models } = forgeImplementer;
  return {
    export: models.export.handler(async function* ({ input, signal }) {
      const { model, format, type, to, evenIfWorse } = input;
      yield { kind: 'progress' as const, text: 'quantising', fraction: 0.5, job: 'quantise-1' };
      if (format === 'adapter' || process.env['RECORDED_EXPORT_HANGS'] !== undefined)
        await once(signal ?? new AbortController().signal, 'abort');
      await sleep(5);
      const isWorse = type === 'Q4_K_M';
      if (isWorse && !evenIfWorse) {
        const instead = 'a larger type (Q8_0)';
        throw new ForgeError('export.worse', { model, type, gates: 'loss 14.3 % above the unquantised file', instead });
      }
      const done: ModelExport = {
        ...{ model, format, path: to, sizeBytes: 9, sha256, quantisation: type ?? 'Q8_0' },
        ...{ files: [{ path: '', sizeBytes: 9, sha256 }], isMeasured: type === null },
        check: { passed: !isWorse, lossChange: 0.143, gates: isWorse ? [lossGate] : gates.slice(1) },
      };
      yield { kind: 'done' as const, export: done };
    }),
    check: models.check.handler(async function* ({ input }) {
      yield { kind: 'progress' as const, text: 'computing the reference', fraction: 0.1, job: 'parity-1' };
      await sleep(5);
      const isWorse = input.type === 'Q4_K_M';
      const check: ModelCheck = {
        ...{ model: input.model, type: input.type ?? 'Q8_0', path: '/models/support.gguf', sha256, report: null },
        ...{ recordedSha256: sha256, isMeasured: !isWorse, passed: !isWorse },
        verdict: isWorse ? 'It does not behave like it.' : 'It behaves like it.',
        gates: isWorse ? [...gates, lossGate] : gates,
      };
      yield { kind: 'done' as const, check };
    }),
  };
}
