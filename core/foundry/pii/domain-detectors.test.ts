import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sftRow } from '../fake-rows.ts';
import { builtInDetectors, createRowPiiFinder } from './domain-detectors.ts';

const healthcare = { id: 'healthcare', detectors: [{ kind: 'mrn', shape: 'MRN-9{5,10}' }] };
const legal = { id: 'legal', detectors: [{ kind: 'docket-number', shape: '9:99-aa-9{3,5}' }] };
const text = 'MRN-1234567 in 1:23-cv-04567, ann@example.org';

function kindsIn(domain: string | undefined, detectors: Parameters<typeof createRowPiiFinder>[0]): string[] {
  const row = sftRow('Whose is it?', text, domain === undefined ? {} : { domain });
  return createRowPiiFinder(detectors)(row).map(({ kind }) => kind);
}

test('a row is looked at by the detectors of its own domain and of the version, and by no others', () => {
  const ofDomains = { healthcare: [healthcare], legal: [legal] };
  assert.deepEqual(kindsIn(undefined, builtInDetectors), ['email']);
  assert.deepEqual(kindsIn(undefined, { packs: [], ofDomains }), ['email']);
  assert.deepEqual(kindsIn('healthcare', { packs: [], ofDomains }), ['mrn', 'email']);
  assert.deepEqual(kindsIn('legal', { packs: [], ofDomains }), ['docket-number', 'email']);
  assert.deepEqual(kindsIn('legal', { packs: [healthcare, legal], ofDomains }), ['mrn', 'docket-number', 'email']);
  assert.deepEqual(kindsIn('constructor', { packs: [legal], ofDomains }), ['docket-number', 'email']);
});
