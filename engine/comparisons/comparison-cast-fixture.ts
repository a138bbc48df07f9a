import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { cloud, local, type PlayedModel } from './comparison-fixture.ts';

const root = await mkdtemp(path.join(tmpdir(), 'forge-comparisons-'));
after(() => rm(root, { recursive: true, force: true }));
let homes = 0;
/** A home that is gone after the tests of the file. */
export const newHome = (): string => path.join(root, `home-${(homes += 1)}`);

/** Two models with answers of their own: one on this machine, one in a cloud. */
export const tuned: PlayedModel = { model: local('quokka:v3'), label: 'quokka:v3', answer: () => 'the tuned answer' };
export const hosted: PlayedModel = {
  model: cloud('narwhal-2'),
  label: 'narwhal-2 (Fakery Inc)',
  answer: () => 'the hosted answer',
};
/** Whatever would tell which model is which. */
export const names = /quokka|narwhal|fakery/i;
export const typed = (...prompts: string[]) => ({ kind: 'typed' as const, prompts });
/** For `assert.rejects`: the expected error with this code. */
export const code = (wanted: string) => (error: unknown) => {
  assert.ok(error instanceof ForgeError, String(error));
  assert.equal(error.code, wanted, error.message);
  return true;
};
export const pause = (milliseconds: number) => () => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
