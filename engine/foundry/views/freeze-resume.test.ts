import assert from 'node:assert/strict';
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { freezeReport } from '#contract/dataset-checks.ts';
import { rowTexts } from '../row-texts-port.ts';
import { openWorld } from '../testing/every-kind.ts';
import { imported, importOf, temporaryHome } from '../testing/foundry-fixture.ts';
import { writeVariedRows } from '../testing/varied-rows.ts';
import { WorkStopped, type WorkContext } from '../work-context.ts';
import { freezeWork } from './freeze-work.ts';
import { keptBefore, keptRowsFile } from './kept-rows.ts';

const order = {
  version: { name: 'rows', version: 1 },
  steps: [{ kind: 'refusal' }, { kind: 'pii', action: 'mask', kinds: ['all'] }],
  split: { seed: 7, validationShare: 0.1, testShare: 0.1 },
  resources: { packs: [], detectors: { packs: [], ofDomains: {} }, guardedDomains: [], taskFiles: [] },
  scripts: [],
};

test('a freeze that was stopped behind its steps goes on there, and ends in the same rows', async () => {
  const { home, remove } = await temporaryHome();
  const { foundry } = openWorld(home);
  try {
    await foundry.begin();
    const file = path.join(home, 'rows.jsonl');
    await writeVariedRows(file, 2_000, 7);
    await imported(foundry, importOf([file]), 'rows');
    const contextOf = async (job: string, isOver: (folder: string) => Promise<boolean>): Promise<WorkContext> => {
      const folder = path.join(home, 'foundry', job, 'work');
      await mkdir(folder, { recursive: true });
      const folders = { store: path.join(home, 'store'), datasets: path.join(home, 'datasets') };
      const breathe = async (): Promise<void> => {
        if (await isOver(folder)) throw new WorkStopped();
      };
      return {
        ...{ folder, folders, store: foundry.versions, texts: rowTexts, startedAt: 0, breathe },
        ...{ signal: new AbortController().signal, wish: () => 'go-on', report: () => undefined },
        countTokens: () => Promise.reject(new Error('no tokens are counted here')),
      };
    };
    const never = (): Promise<boolean> => Promise.resolve(false);
    const whole = freezeReport.parse(await freezeWork({ ...order, as: 'whole' }, await contextOf('whole', never)));

    const stopped = await contextOf('stopped', async (folder) => (await keptBefore(folder)) !== null);
    await assert.rejects(freezeWork({ ...order, as: 'stopped' }, stopped), WorkStopped);
    const { mtimeMs } = await stat(keptRowsFile(stopped.folder));
    const resumed = await contextOf('stopped', never);
    const { digest, rows, sides } = freezeReport.parse(await freezeWork({ ...order, as: 'stopped' }, resumed));
    assert.deepEqual([digest, rows, sides], [whole.digest, whole.rows, whole.sides]);
    assert.equal((await stat(keptRowsFile(stopped.folder))).mtimeMs, mtimeMs, 'the steps did not run again');
  } finally {
    await foundry.stop();
    await remove();
  }
});
