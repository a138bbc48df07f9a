import type { foundryErrors } from '#contract/errors/foundry-errors.ts';
import type { GermanErrors } from './german-texts.ts';

export const foundryErrorsDe: GermanErrors<typeof foundryErrors> = {
  'foundry.version-unknown': [
    'Es gibt keine Version {version} eines Datensatzes {name}.',
    'In der Liste nachsehen, was es gibt.',
  ],
  'foundry.name-reserved': [
    'Ein Datensatz kann nicht {name} heißen: Forge oder das Betriebssystem braucht diesen Namen selbst.',
    'Einen anderen Namen wählen.',
  ],
  'foundry.row-unknown': [
    'In {name}, Version {version}, gibt es keine Zeile {row}.',
    'In der Version nachsehen, in der sie zu sehen war.',
  ],
  'foundry.not-restorable': [
    'Version {version} von {name} wurde nicht in den letzten zehn Minuten entfernt; es gibt nichts zurückzuholen.',
    'Die Dateien erneut einlesen.',
  ],
  'foundry.version-damaged': [
    'Version {version} von {name} ist beschädigt: {reason}.',
    'Sie entfernen und die Dateien erneut einlesen.',
  ],
  'foundry.version-used': [
    '{name}, Version {version}, kann jetzt nicht entfernt werden: Daraus entsteht gerade {model}.',
    'Warten, bis es fertig ist, oder es unter Läufe abbrechen.',
  ],
  'foundry.study-changed': [
    'Diese Zeilen gehören zu einer früheren Studie von {name}, Version {version}.',
    'Die Zahl in der Studie noch einmal wählen.',
  ],
  'foundry.no-diff': [
    'Version {before} und {after} wurden noch nicht verglichen, oder eine davon hat sich seitdem geändert.',
    'Sie neu vergleichen.',
  ],
  'foundry.job-unknown': ['Es gibt keine Arbeit an Daten namens {job}.', 'In der Liste nachsehen, was läuft.'],
  'foundry.job-over': [
    'Die Arbeit an {name} ist schon zu Ende ({state}).',
    'Sie neu beginnen, wenn sie noch gewollt ist.',
  ],
  'foundry.unbalanced': [
    'Die Zahlen dieses Einlesens stimmen nicht überein: {seen} Datensätze gesehen, {accepted} angenommen, {rejected} aussortiert, {merged} zusammengelegt. Es wurde keine Version gemacht.',
    'Dies mit der Art der Datei melden: Kein Datensatz darf verloren gehen.',
  ],
  'foundry.not-shown': [
    'Eine Zeile der Art {kind} lässt sich nicht zeigen, wie ein Modell sie sieht: Sie ist kein Gespräch mit Antwort.',
    'Stattdessen ihre Texte ansehen.',
  ],
  'foundry.bad-pattern': [
    'Das Muster ist nicht zu gebrauchen: {reason}.',
    'Es als regulären Ausdruck von JavaScript mit der Option u schreiben.',
  ],
  'foundry.no-tokenizer': [
    'Der Tokenizer von {base} liegt nicht auf dieser Platte, daher kann er keine Tokens zählen.',
    'Ein anderes Basismodell wählen oder die Tokens nach Zeichen schätzen lassen.',
  ],
  'foundry.nothing-left': [
    'Die Schritte lassen von den {rows} Zeilen von {name} keine übrig, daher wurde keine Version gemacht.',
    'Die Zahlen der Schritte ansehen und den lockern, der am meisten entfernt.',
  ],
  'foundry.pii-unreviewed': [
    '{rows} Zeilen von {name} enthalten persönliche Daten oder Geheimnisse, über die niemand entschieden hat ({kinds}); das Fachgebiet {domain} lässt das nicht zu.',
    'Sie mit einem Schritt über persönliche Daten verdecken, ersetzen oder entfernen, oder einzelne Zeilen mit ihrer Kennung durchlassen.',
  ],
  'foundry.no-split': [
    'Die Anteile {validation} und {test} lassen nichts zum Trainieren übrig.',
    'Anteile angeben, die zusammen unter 1 liegen.',
  ],
};
