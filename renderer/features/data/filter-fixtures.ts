import { importRequest, type DatasetVersion, type StepOutcome } from '#contract/dataset-versions.ts';
import { domainPack, type ShownDomain } from '#contract/domain-packs.ts';
import { usualStep, type ListedStep } from './filter-steps.ts';
import type { FiltersState } from './filters-store.ts';
import { versionOf } from './fixtures.ts';

const packOf = (id: string, name: string, steps: ShownDomain['steps']): ShownDomain => ({
  ...{ id, file: `/forge/domains/${id}.json`, isOwn: false, problems: [], samplesFile: null, steps },
  pack: domainPack.parse({ id, name, system_prompt: 'You know it.' }),
});

/** Two packs, and one of the person's own that cannot be read. */
export const shownDomains: readonly ShownDomain[] = [
  packOf('coding', 'Coding', [
    { kind: 'length', place: 'answer', unit: 'characters', minimum: 500, maximum: null },
    { kind: 'code', wants: 'present' },
    { kind: 'exact-duplicates', over: 'both' },
  ]),
  packOf('healthcare', 'Healthcare', [{ kind: 'pii', action: 'review', kinds: ['all'] }]),
  {
    ...{
      id: 'mine',
      file: '/home/ann/.forge/domains/mine.json',
      isOwn: true,
      pack: null,
      samplesFile: null,
      steps: [],
    },
    problems: [{ path: '$.id', message: '$.id is "other"', remedy: 'Write at $.id: "mine".' }],
  },
];

/** A version that was imported under a domain. */
export const importedAs = (domain: string): DatasetVersion => {
  const request = importRequest.parse({ paths: ['snippets.jsonl'], name: 'snippets', domain });
  return versionOf({ name: 'snippets', recipe: { import: request, steps: [], split: null } });
};

const listed: readonly ListedStep[] = [
  { key: 'one', step: usualStep('length'), isOn: true },
  { key: 'two', step: usualStep('refusal'), isOn: true },
  { key: 'three', step: usualStep('pii'), isOn: true },
  { key: 'four', step: usualStep('near-duplicates'), isOn: false },
];

const outcome = (index: number, change: Partial<StepOutcome>): StepOutcome => ({
  step: listed[index]?.step ?? usualStep('length'),
  kept: 1_000_000,
  dropped: 0,
  changed: 0,
  examples: [],
  ...change,
});

export const filtersState = (
  change: Partial<FiltersState> = {},
): Pick<FiltersState, 'steps' | 'counted' | 'job' | 'failure' | 'opened'> => ({
  steps: listed,
  counted: {
    steps: listed.slice(0, 3).map(({ step }) => step),
    outcomes: [
      outcome(0, { kept: 951_204, dropped: 48_796 }),
      outcome(1, {
        kept: 947_011,
        dropped: 4_193,
        examples: [
          {
            id: 'r1',
            before: 'As a language model I cannot help with that.',
            after: null,
            why: 'The answer refuses.',
            flags: [],
          },
          {
            id: 'r2',
            before: 'I am unable to look at your order.',
            after: null,
            why: 'The answer refuses.',
            flags: [],
          },
        ],
      }),
      outcome(2, {
        kept: 947_011,
        changed: 12_044,
        examples: [
          {
            id: 'p1',
            before: 'Write to ann@example.org today.',
            after: 'Write to <EMAIL_1> today.',
            why: 'E-mail address',
            flags: [{ check: 'pii', code: 'email', place: 'text', span: [9, 24] }],
          },
        ],
      }),
    ],
  },
  job: null,
  failure: null,
  opened: null,
  ...change,
});
