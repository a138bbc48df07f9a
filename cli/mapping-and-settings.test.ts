import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandProgram, type CommandCall } from './command-program.ts';
import { commandTree } from './command-tree.ts';
import { CommandFailure } from './failure.ts';
import type { Invocation } from './invocation.ts';
import { mappingOf, settingsOf } from './mapping-and-settings.ts';
import { memoryTerminal } from './testing/memory-terminal.ts';

function invoked(words: string[]): Invocation {
  const calls: CommandCall[] = [];
  const terminal = memoryTerminal();
  commandProgram(commandTree, { terminal, onCall: (call) => void calls.push(call) }).parse(['train', ...words], {
    from: 'user',
  });
  const { values } = calls[0] ?? { values: new Map() };
  return { values } as Pick<Invocation, 'values'> as Invocation;
}
const map = (...words: string[]) => mappingOf(invoked(words.flatMap((word) => ['--map', word])));
const set = (...words: string[]) => settingsOf(invoked(words.flatMap((word) => ['--set', word])));

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof CommandFailure) return `${error.failure.message} ${error.failure.remedy}`;
    throw error;
  }
  return 'not refused';
}

test('columns are named in one option or in several, with commas in their names', () => {
  const wanted = { prompt: 'Frage, kurz', answer: 'Antwort=Text', group: 'Thema' };
  assert.deepEqual(map('prompt=Frage, kurz,answer=Antwort=Text,group=Thema'), wanted);
  assert.deepEqual(map('prompt=Frage, kurz', 'answer=Antwort=Text', 'group=Thema'), wanted);
  assert.equal(mappingOf(invoked([])), undefined);
});

test('a mapping that lacks a place or names another is refused with what is known', () => {
  assert.match(
    refusal(() => map('prompt=Frage')),
    /question and the column of the answer/,
  );
  assert.match(
    refusal(() => map('promt=Frage,answer=x')),
    /--map does not know promt\. Did you mean prompt\?/,
  );
  assert.match(
    refusal(() => map('Frage')),
    /not of the form name=value/,
  );
});

test('settings are read as the recipe takes them', () => {
  assert.deepEqual(
    set(
      'rank=8,dropout=0.1,targetModules=q_proj,v_proj,schedule=linear',
      'gradientCheckpointing=yes',
      'maxMinutes=none',
    ),
    {
      rank: 8,
      dropout: 0.1,
      targetModules: ['q_proj', 'v_proj'],
      schedule: 'linear',
      gradientCheckpointing: true,
      maxMinutes: null,
    },
  );
  assert.deepEqual(set('targetModules=all-linear,earlyStopping.patience=5,earlyStopping.minimumGain=0.01'), {
    targetModules: 'all-linear',
    earlyStopping: { patience: 5, minimumGain: 0.01 },
  });
  assert.equal(settingsOf(invoked([])), undefined);
});

test('a setting that is none, or has a value it cannot have, is refused by its name', () => {
  assert.match(
    refusal(() => set('rnk=8')),
    /--set does not know rnk\. Did you mean rank\?/,
  );
  assert.match(
    refusal(() => set('rank=0')),
    /--set rank is 0, which it cannot be/,
  );
  assert.match(
    refusal(() => set('schedule=wavy')),
    /--set schedule is wavy/,
  );
  assert.match(
    refusal(() => set('earlyStopping.patience=5')),
    /two values together.*Give both/,
  );
  assert.match(
    refusal(() => set('keepCheckpoints=3')),
    /does not know keepCheckpoints/,
  );
});
