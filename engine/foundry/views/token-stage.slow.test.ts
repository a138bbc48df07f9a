import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { freezeReport } from '#contract/dataset-checks.ts';
import type { ViewStep } from '#contract/dataset-versions.ts';
import type { FoundryService } from '../foundry-service.ts';
import { ended, imported, importOf, openFoundry, openViews, temporaryHome } from '../testing/foundry-fixture.ts';
import type { FoundryViews } from '../views-port.ts';

let [home, remove]: [string, () => Promise<void>] = ['', () => Promise.resolve()];
let foundry: FoundryService;
let views: FoundryViews;

/** Row 0 has an answer of one word, row 999 one of a thousand; the fixture's tokenizer takes words for tokens. */
before(async () => {
  ({ home, remove } = await temporaryHome());
  foundry = openFoundry(home);
  views = openViews(foundry, home);
  await foundry.begin();
  const file = path.join(home, 'rows.jsonl');
  const rows = Array.from({ length: 1_000 }, (_, row) =>
    JSON.stringify({ prompt: `Question ${row}?`, answer: 'word '.repeat(row + 1).trim() }),
  );
  await writeFile(file, rows.join('\n'));
  await imported(foundry, importOf([file]), 'import');
});
after(async () => {
  await foundry.stop();
  await remove();
});

const inTokens = (base: string | null): ViewStep => ({
  ...{ kind: 'length', place: 'answer', unit: 'tokens', minimum: 101, maximum: 500, base },
});
const order = (steps: ViewStep[]) => ({ name: 'rows', version: 1, steps });

test('a length in tokens is counted by the tokenizer of the base, between steps of other kinds, and says so', async () => {
  const short: ViewStep = { kind: 'length', place: 'answer', unit: 'characters', minimum: null, maximum: 2_000 };
  const steps = [inTokens('small'), short, inTokens('small')];
  const job = await ended(foundry, (await views.tryView(order(steps))).id);
  assert.equal(job.state, 'done', JSON.stringify(job.failure));
  const outcomes = (await views.viewOutcome(order(steps))) ?? [];
  assert.deepEqual(
    outcomes.map(({ kept, dropped, counted }) => [kept, dropped, counted]),
    [
      [400, 600, 'tokenizer'],
      [300, 100, undefined],
      [300, 0, 'tokenizer'],
    ],
  );
  assert.match(outcomes[0]?.examples[0]?.why ?? '', /tokens, (fewer|more) than [15]0[01] \(counted by small\)/);
  const frozen = await views.freeze({ ...order(steps), as: null, split: null, requestId: 'freeze' });
  assert.equal(freezeReport.parse((await ended(foundry, frozen.id)).result).rows, 300);
});

test('without a base tokens are estimated, and are called so', async () => {
  await ended(foundry, (await views.tryView(order([inTokens(null)]))).id);
  const [outcome] = (await views.viewOutcome(order([inTokens(null)]))) ?? [];
  assert.equal(outcome?.counted, 'estimated');
  assert.match(outcome?.examples[0]?.why ?? '', /about .* tokens, .*estimated/);
});

test('a base whose tokenizer is not on this disk is refused at once, with the way out', async () => {
  await assert.rejects(views.tryView(order([inTokens('large')])), { code: 'foundry.no-tokenizer' });
});
