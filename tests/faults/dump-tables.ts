import type { Database } from '#native-bridge/storage/database.ts';

const tables = [
  'job',
  'job_transition',
  'attempt',
  'device_lease',
  'job_event',
  'metric_point',
  'event_cursor',
  'job_progress',
] as const;

/** Every row of the tables that can be rebuilt, in a fixed order. */
export function dumpTables(database: Database): Readonly<Record<string, readonly unknown[]>> {
  return Object.fromEntries(
    tables.map((table) => [
      table,
      database
        .statement(`SELECT * FROM ${table}`)
        .all()
        .map((row) => JSON.stringify(row))
        .toSorted(),
    ]),
  );
}

/** The rows that only one side has, per table, shortened: empty when both are the same. */
export function differences(
  one: Readonly<Record<string, readonly unknown[]>>,
  other: Readonly<Record<string, readonly unknown[]>>,
): readonly string[] {
  return Object.keys({ ...one, ...other }).flatMap((table) => {
    const [left, right] = [new Set(one[table]), new Set(other[table])];
    const rows = [...left].filter((row) => !right.has(row)).concat([...right].filter((row) => !left.has(row)));
    return rows.slice(0, 4).map((row) => `${table} ${left.has(row) ? '-' : '+'} ${String(row).slice(0, 300)}`);
  });
}
