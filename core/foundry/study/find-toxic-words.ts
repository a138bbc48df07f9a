/**
 * What word lists can tell: where a person should look. They decide nothing (the Warden's classifiers do that). Words that are
 * harmless in another language or sense (French "retard", a chink in an armour) are left out on purpose.
 */
export const toxicTiers = ['threat', 'slur', 'profanity'] as const;
export type ToxicTier = (typeof toxicTiers)[number];

const patterns: Readonly<Record<ToxicTier, string>> = {
  threat:
    "i(?:'ll| will| am going to|'m going to) (?:kill|hurt|murder|shoot|stab|beat|rape) (?:you|him|her|them)|kill yourself|you (?:deserve|ought|should) to die|go die|ich bring(?:e)? dich um|bring dich um|je vais te tuer|te voy a matar|ti ammazzo|vou te matar",
  slur: 'faggots?|niggers?|kikes?|trann(?:y|ies)|wetbacks?|kanaken?|schwuchteln?|maric[oó]n(?:es)?|sudacas?|bougnoules?|frocio|froci',
  profanity:
    'fuck(?:s|ed|er|ers|ing)?|motherfuck(?:er|ers|ing)|shit(?:s|ty)?|bullshit|assholes?|bitch(?:es)?|cunts?|bastards?|schei(?:ß|ss)e?|arschl(?:o|ö)ch(?:er)?|fotzen?|wichser|hurensohn|merde|putain|connards?|encul[ée]s?|salopes?|mierda|puta|cabr[oó]n(?:es)?|gilipollas|cazzo|stronz[oi]|vaffanculo|caralho|foda-se|kurwa|kutwijf|jävla|fanden|bl[iy]at',
};

const compiled = toxicTiers.map(
  (tier) => [tier, new RegExp(`(?<![\\p{L}\\p{N}])(?:${patterns[tier]})(?![\\p{L}\\p{N}])`, 'iu')] as const,
);
/** One look for all of them: most texts hold none. */
const any = new RegExp(`(?<![\\p{L}\\p{N}])(?:${Object.values(patterns).join('|')})(?![\\p{L}\\p{N}])`, 'iu');

/** Tiers whose words a text holds, the gravest first. */
export function toxicTiersOf(text: string): readonly ToxicTier[] {
  return any.test(text) ? compiled.flatMap(([tier, pattern]) => (pattern.test(text) ? [tier] : [])) : [];
}
