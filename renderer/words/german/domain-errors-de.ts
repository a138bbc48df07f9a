import type { domainErrors } from '#contract/errors/domain-errors.ts';
import type { GermanErrors } from './german-texts.ts';

export const domainErrorsDe: GermanErrors<typeof domainErrors> = {
  'domain.unknown': ['Es gibt kein Fachgebiet {id}. Es gibt: {known}.', 'Eines davon wählen.'],
  'domain.exists': [
    'Es gibt schon ein Fachgebiet {id}: {file}.',
    'Eine andere Kennung wählen oder diese Datei ändern.',
  ],
  'domain.invalid': ['{file} beschreibt kein Fachgebiet: {problems}.', 'Die Datei berichtigen. {changes}.'],
};
