import type { ShownDomain } from '#contract/domain-packs.ts';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { nameOfDomain } from '../choices-store.ts';
import { useDatasetsWords } from '../datasets-words.ts';

interface DomainFieldProps {
  readonly domains: readonly ShownDomain[];
  readonly value: string | null;
  readonly onChange: (domain: string | null) => void;
}

/** No id of a domain; an empty value would be shown as nothing chosen yet. */
const noDomain = ':none';

/** The domain that rows belong to: its pack then proposes filters and says how personal data is treated. */
export function DomainField({ domains, value, onChange }: DomainFieldProps) {
  const words = useDatasetsWords();
  const chosen = domains.find(({ id }) => id === value) ?? null;
  const isReviewed = chosen?.pack?.data.pii_review === true;
  return (
    <Field label={words('domain')} hint={words(isReviewed ? 'domainReviewed' : 'domainHint')}>
      <Select
        value={value ?? noDomain}
        onChange={(next) => onChange(next === noDomain ? null : next)}
        options={[
          { value: noDomain, label: words('domainNone') },
          ...domains.map((domain) => ({
            value: domain.id,
            label: nameOfDomain(domain),
            hint: domain.problems[0]?.message,
            disabled: domain.pack === null,
          })),
        ]}
      />
    </Field>
  );
}
