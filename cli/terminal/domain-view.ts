import { scoreParts, type ShownDomain } from '#contract/domain-packs.ts';
import { table } from './table.ts';
import { oneLine } from './text.ts';
import type { ViewStyle } from './view-style.ts';

function rowsOf({ pack }: ShownDomain): string {
  return pack?.samples === undefined ? '' : String(pack.samples.rows);
}

/** All packs, and what is wrong in those that cannot be read. */
export function domainTable(domains: readonly ShownDomain[], style: ViewStyle): string[] {
  const columns = [{ title: 'domain' }, { title: 'samples' }, { title: 'what it is for', flexible: true }];
  const rows = domains.map((domain) => [
    domain.id,
    rowsOf(domain),
    oneLine(domain.pack?.description ?? `not readable: ${domain.problems[0]?.message ?? ''}`),
  ]);
  return [...table(columns, rows, style), '', 'One of them: forge domain coding'];
}

/** One pack: what it sets, its samples, its notes. */
export function domainLines({ id, file, pack, samplesFile, problems }: ShownDomain): string[] {
  if (pack === null) return problems.map(({ message, remedy }) => `${message}. ${remedy}`);
  const { data, eval: evaluation, samples } = pack;
  const weights = scoreParts.map((part) => `${part} ${evaluation.scoring[part]?.weight ?? 0}`).join(', ');
  const filters = [
    `answers of at least ${data.min_response_length} characters`,
    ...(data.require_code_blocks ? ['with a code block'] : []),
    ...(data.dedup_by_hash ? ['no exact duplicates'] : []),
    ...(data.pii_review ? ['personal data reviewed before a version is frozen'] : []),
  ];
  const own =
    samplesFile === null || samples === undefined
      ? []
      : [
          '',
          `${samples.rows} examples (${samples.licence}): ${samplesFile}`,
          `  forge data import '${samplesFile}' --as ${id} --domain ${id}`,
        ];
  return [
    oneLine(`${pack.name} (${id})`),
    oneLine(pack.description),
    '',
    `Instruction  ${oneLine(pack.system_prompt)}`,
    `Filters      ${filters.join(', ')}`,
    `Score        ${weights}`,
    `File         ${file}`,
    ...own,
    ...(pack.safety_notes.length === 0 ? [] : ['', ...pack.safety_notes.map((note) => `- ${oneLine(note)}`)]),
  ];
}
