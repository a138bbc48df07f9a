import { jobsMigration } from './0010-jobs.ts';
import { eventsMigration } from './0020-events.ts';
import { eventTypesMigration } from './0030-event-types.ts';
import type { Migration } from './migration.ts';

export type { Migration } from './migration.ts';

/** Every step of the schema, oldest first; new ones go at the end (docs/how-to-add-a-migration.md). */
export const migrations: readonly Migration[] = [jobsMigration, eventsMigration, eventTypesMigration];
