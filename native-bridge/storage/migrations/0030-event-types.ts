import type { Migration } from './migration.ts';

/** Pages of single kinds of events (interventions, samples) without reading the metrics between them. */
export const eventTypesMigration: Migration = {
  version: 30,
  name: 'event-types',
  up: (execute) => execute('CREATE INDEX job_event_type ON job_event (job_id, type, position);'),
};
