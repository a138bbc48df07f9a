import { domainPack, type DomainPack, type DomainProblem } from '#contract/domain-packs.ts';

type Issue = NonNullable<ReturnType<typeof domainPack.safeParse>['error']>['issues'][number];

const mostProblems = 20;

/** `$.eval.scoring["a b"].weight`, `$.safety_notes[2]`. */
export function jsonPath(steps: readonly PropertyKey[]): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`;
    const name = String(step);
    return /^[A-Za-z_]\w*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
  }, '$');
}

function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return /^a |^true /.test(issue.message) ? issue.message : `a value of type ${issue.expected}`;
    case 'too_small':
      return `at least ${issue.minimum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'too_big':
      return `at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
    default:
      return issue.message;
  }
}

function valueAt(value: unknown, steps: readonly PropertyKey[]): unknown {
  return steps.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[step] : undefined,
    value,
  );
}

function problemOf(issue: Issue, value: unknown): DomainProblem {
  const path = jsonPath(issue.path);
  const found = valueAt(value, issue.path);
  if (found === undefined) return { path, message: `${path} is missing`, remedy: `Add ${path}: ${wanted(issue)}.` };
  if (issue.code === 'unrecognized_keys' || issue.code === 'invalid_key')
    return { path, message: `${path} has a key it cannot have`, remedy: `Look at ${path}: ${wanted(issue)}.` };
  const shown = (JSON.stringify(found) ?? String(found)).slice(0, 60);
  return { path, message: `${path} is ${shown}`, remedy: `Write at ${path}: ${wanted(issue)}.` };
}

export type ParsedPack =
  | { readonly pack: DomainPack; readonly problems: readonly [] }
  | { readonly pack: null; readonly problems: readonly DomainProblem[] };

/** Reads a pack from parsed JSON: unknown keys are kept, wrong ones are named with their JSON path and what to write instead. */
export function parsePack(value: unknown): ParsedPack {
  const parsed = domainPack.safeParse(value);
  if (parsed.success) return { pack: parsed.data, problems: [] };
  return { pack: null, problems: parsed.error.issues.slice(0, mostProblems).map((issue) => problemOf(issue, value)) };
}
