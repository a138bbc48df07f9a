import type { scriptErrors } from '#contract/errors/script-errors.ts';
import type { GermanErrors } from './german-texts.ts';

export const scriptErrorsDe: GermanErrors<typeof scriptErrors> = {
  'script.no-sandbox': [
    'Keine Sandbox auf diesem Rechner hält ein Skript von den eigenen Dateien und vom Netz fern: {reasons}.',
    'Bubblewrap (Linux), Deno oder Podman mit einem Python-Image installieren, dann erneut versuchen.',
  ],
  'script.not-usable': [
    'Das Skript {script} lässt sich nicht verwenden: {reason}.',
    'Es berichtigen: Es braucht eine Funktion transform(row), die eine Zeile, eine Liste von Zeilen oder None liefert.',
  ],
  'script.failed': [
    'Das Skript {script} ist an Zeile {row} gescheitert: {reason}.',
    'Es an der Stelle berichtigen, die der Traceback nennt, dann erneut versuchen.',
  ],
  'script.over-limit': [
    'Das Skript {script} wurde an Zeile {row} angehalten: {reason}.',
    'Es je Zeile weniger tun lassen, dann erneut versuchen.',
  ],
  'script.bad-row': [
    'Was das Skript {script} aus Zeile {row} gemacht hat, ist keine Zeile: {reason}.',
    'Die erhaltene Zeile mit geänderten Texten zurückgeben, eine Liste solcher Zeilen, oder None, um sie wegzulassen.',
  ],
  'script.not-repeatable': [
    'Zwei Läufe des Skripts {script} über dieselben Zeilen ergaben Verschiedenes, zuerst in Zeile {row}.',
    'Herausnehmen, was sich von Lauf zu Lauf ändert (Uhr, Zufall, Reihenfolge einer Menge), dann erneut versuchen.',
  ],
  'script.ended': [
    'Das Skript {script} hat an Zeile {row} seinen eigenen Prozess beendet: {reason}.',
    'Herausnehmen, was ihn beendet (os._exit zum Beispiel), oder es weniger Speicher brauchen lassen.',
  ],
  'script.step-gone': [
    'Das Skript {script}, das ein Schritt nennt ({digest}), ist hier nicht aufbewahrt.',
    'Den Schritt herausnehmen und das Skript aus seiner Datei neu hinzufügen.',
  ],
  'script.unknown': ['Hier ist kein Skript namens {script} aufbewahrt.', 'Es hier schreiben, oder seine Datei wählen.'],
};
