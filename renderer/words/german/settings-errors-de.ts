import type { secretErrors } from '#contract/errors/secret-errors.ts';
import type { settingsErrors } from '#contract/errors/settings-errors.ts';
import type { GermanErrors } from './german-texts.ts';

export const secretErrorsDe: GermanErrors<typeof secretErrors> = {
  'secret.bad-name': [
    '„{name}“ kann kein Name eines Schlüssels sein.',
    '1 bis 64 Kleinbuchstaben, Ziffern und _ verwenden, beginnend mit einem Buchstaben.',
  ],
  'secret.unknown': [
    'Einen Schlüssel dieses Namens kennt Forge nicht. Bekannt sind: {known}.',
    'Einen davon wählen; unter Einstellungen, Anbieter und Schlüssel, steht, wozu jeder dient.',
  ],
  'secret.bad-value': [
    'Der Wert für den Schlüssel „{name}“ ist {reason}.',
    'Den Schlüssel erneut einfügen, in einer Zeile und ohne Anführungszeichen.',
  ],
  'secret.file-open-to-others': [
    'Andere Benutzer dieses Rechners können {path} lesen; Forge benutzt die Datei deshalb nicht.',
    '`chmod 600 {path}` ausführen und die Schlüssel darin als anderen bekannt betrachten.',
  ],
  'secret.file-damaged': [
    'Die Datei {path} stammt nicht von Forge.',
    'Sie beiseitelegen und die Schlüssel neu eintragen; bis dahin lässt sich jeder als Variable FORGE_SECRET_<NAME> angeben.',
  ],
  'secret.missing': [
    'Der Schlüssel „{name}“ ist nicht gesetzt. Gebraucht wird er für: {purpose}.',
    'Ihn unter Einstellungen, Anbieter und Schlüssel, eintragen ({name}), dann erneut versuchen.',
  ],
};

export const settingsErrorsDe: GermanErrors<typeof settingsErrors> = {
  'settings.unknown-key': [
    'Eine Einstellung namens {key} gibt es nicht.',
    'Unter Einstellungen, Allgemein, stehen die vorhandenen.',
  ],
  'settings.not-usable': ['Die Einstellung {key} kann nicht {value} sein: {reason}.', 'Einen passenden Wert angeben.'],
  'settings.set-by-environment': [
    'Die Einstellung {key} wird durch die Variable {variable} vorgegeben, die vor config.toml gilt.',
    'Diese Variable dort aufheben, wo die Engine gestartet wird, die Engine neu starten, dann hier einstellen.',
  ],
  'settings.not-editable': [
    'Die Einstellung {key} steht in {path} in einer Form, die Forge nicht umschreibt.',
    'Sie dort von Hand ändern: Forge schreibt nur Zeilen wie `port = 18793` unter [server].',
  ],
  'disk.unknown-part': [
    'Einen Teil namens {id}, der sich aufräumen ließe, gibt es nicht.',
    'Unter Einstellungen, Festplatte, stehen die Teile.',
  ],
  'disk.kept': [
    'Forge löscht hier nichts ({label}), denn nur der Mensch davor weiß, was davon noch gebraucht wird.',
    '{remedy}.',
  ],
  'disk.in-use': [
    'Jetzt lässt sich nichts davon löschen ({label}): {reason}.',
    'Das Ende der Arbeit abwarten oder sie abbrechen, dann erneut aufräumen.',
  ],
};
