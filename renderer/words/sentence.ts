/** Some things the engine says are clauses, to stand inside a sentence; here one stands alone. */
export function sentence(clause: string): string {
  const [first = ''] = clause;
  const text = first.toUpperCase() + clause.slice(first.length);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
