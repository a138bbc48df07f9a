import type { SqlRow } from './database.ts';

/** Readers of a row's columns. A column of another type than the schema promises is a bug and throws. */
export function asText(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds no text`);
  return value;
}

export function asTextOrNull(row: SqlRow, column: string): string | null {
  return row[column] === null ? null : asText(row, column);
}

export function asNumber(row: SqlRow, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`column ${column} holds no number`);
  return value;
}

export function asNumberOrNull(row: SqlRow, column: string): number | null {
  return row[column] === null ? null : asNumber(row, column);
}

export function asJson(row: SqlRow, column: string): unknown {
  return JSON.parse(asText(row, column));
}
