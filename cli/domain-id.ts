import { domainId } from '#contract/domain-packs.ts';
import { usageFailure } from './failure.ts';

/** The id of a domain as it was typed. @throws a usage failure where it cannot be one */
export function domainIdOf(word: string): string {
  if (domainId.safeParse(word).success) return word;
  throw usageFailure(
    `${word} cannot be the id of a domain.`,
    'Use small letters, digits and hyphens, at most 40, a letter or digit first.',
  );
}
