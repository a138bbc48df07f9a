import type { FoundryKind } from './job-protocol.ts';
import type { FoundryWork } from './work-context.ts';

/** Which code does which kind of work; loaded in the thread when a job of it runs. A new kind is one line here. */
export const jobKinds: Partial<Record<FoundryKind, () => Promise<FoundryWork>>> = {
  import: async () => (await import('./import/import-work.ts')).importWork,
  documents: async () => (await import('./documents/documents-work.ts')).documentsWork,
  export: async () => (await import('./exports/export-work.ts')).exportWork,
  script: async () => (await import('./scripts/script-work.ts')).scriptWork,
  view: async () => (await import('./views/view-work.ts')).viewWork,
  freeze: async () => (await import('./views/freeze-work.ts')).freezeWork,
  study: async () => (await import('./study/study-work.ts')).studyWork,
  dedupe: async () => (await import('./checks/dedupe-work.ts')).dedupeWork,
  split: async () => (await import('./checks/split-work.ts')).splitWork,
  contamination: async () => (await import('./checks/contamination-work.ts')).contaminationWork,
  diff: async () => (await import('./diff/diff-work.ts')).diffWork,
  pii: async () => (await import('./checks/pii-work.ts')).piiWork,
};
