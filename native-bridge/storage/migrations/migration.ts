/** One step of the schema. Never edited after a release; additive by default. */
export interface Migration {
  /** In tens, so that a hot fix fits between two. */
  readonly version: number;
  readonly name: string;
  /** Runs inside a transaction together with all missing ones; `execute` takes one or more SQL statements. */
  readonly up: (execute: (sql: string) => void) => void;
}
