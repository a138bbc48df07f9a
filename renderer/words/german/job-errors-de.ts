import type { jobErrors } from '#contract/errors/job-errors.ts';
import type { recipeErrors } from '#contract/errors/recipe-errors.ts';
import type { GermanErrors } from './german-texts.ts';

export const jobErrorsDe: GermanErrors<typeof jobErrors> = {
  'job.failed': ['{name} ist gescheitert: {reason}.', '{hint}.'],
  'job.input-refused': ['{name} ist gescheitert: {reason}.', '{hint}.'],
  'job.machine-in-the-way': ['{name} ist gescheitert: {reason}.', '{hint}.'],
  'job.cancelled': [
    '{name} wurde abgebrochen.',
    'Es lässt sich fortsetzen und geht dann vom letzten Checkpoint weiter.',
  ],
  'job.not-allowed': [
    'Nicht möglich im Zustand {state}: {action}. Grund: {reason}.',
    'Den Lauf {job} ansehen und wählen, was sein Zustand anbietet.',
  ],
  'main-job.not-allowed': [
    'Für {id} nicht möglich im Zustand {state}: {action}. Grund: {reason}.',
    'Wählen, was der Zustand anbietet: Was wartet, lässt sich verschieben oder abbrechen; was vorzeitig endete, fortsetzen.',
  ],
  'job.device-missing': [
    'Dieser Rechner hat kein Gerät {device}, das ein Auftrag benutzen könnte.',
    'Ein anderes Gerät wählen, zum Beispiel den Prozessor (cpu).',
  ],
  'job.no-result': [
    'Der Auftrag {job} hat kein Ergebnis; Zustand: {state}.',
    'Warten, bis er erfolgreich ist, oder seine Konsole unter Läufe ansehen.',
  ],
  'job.artefact-mismatch': [
    'Die Datei {path} des Auftrags {job} ist nicht, was der Auftrag geschrieben hat: {reason}.',
    'Den Auftrag wiederholen oder die Datei aus einer Kopie zurückholen.',
  ],
  'job.run-directory-damaged': [
    'Der Ordner {path} eines Laufs ist nicht lesbar: {reason}.',
    'Den Ordner aus einer Kopie zurückholen oder aus dem Ordner der Läufe herausnehmen; die anderen Aufträge sind nicht betroffen.',
  ],
  'storage.database-newer': [
    'Die Datenbank {path} hat Version {found}; dieses Forge kennt Versionen bis {known}.',
    'Forge aktualisieren oder mit --home einen anderen Ordner wählen.',
  ],
  'storage.database-damaged': [
    'Das Verzeichnis {path} ist beschädigt: {reason}.',
    'Diese Datei beiseitelegen, dann `forge index rebuild` ausführen: Es wird aus dem Ordner der Läufe neu gemacht; kein Lauf und kein Modell geht verloren.',
  ],
  'storage.migration-failed': [
    'Die Datenbank {path} ließ sich nicht auf Version {version} bringen: {reason}.',
    'Es wurde nichts geändert; den Grund melden und die Kopie {copy} aufheben.',
  ],
  'tool.not-found': [
    'Das Programm {command} wurde nicht gefunden oder darf nicht ausgeführt werden.',
    'Es installieren oder seinen Pfad in den Einstellungen berichtigen.',
  ],
  'tool.failed': [
    'Das Programm {command} endete mit Code {exitCode} (Signal {signal}): {tail}.',
    'Seine Meldung oben lesen; den Befehl von Hand ausführen, um alles zu sehen.',
  ],
  'tool.timed-out': [
    'Das Programm {command} war nach {timeoutMs} ms nicht fertig und wurde beendet.',
    'Erneut versuchen, wenn der Rechner weniger zu tun hat.',
  ],
  'tool.output-too-large': [
    'Das Programm {command} schrieb mehr als {maximumOutputBytes} Byte und wurde beendet.',
    'Dies melden: Das Programm antwortete mit weit mehr als erwartet.',
  ],
  'tool.aborted': ['Das Programm {command} wurde auf Wunsch beendet.', 'Es bei Bedarf erneut starten.'],
};

export const recipeErrorsDe: GermanErrors<typeof recipeErrors> = {
  'recipe.out-of-range': [
    '{setting} ist {value}; erlaubt ist: {range}.',
    'Einen Wert in diesem Bereich angeben oder weglassen: Dann wählt Forge einen und sagt, warum.',
  ],
  'recipe.method-not-here': [
    'Das Verfahren {method} läuft auf diesem Rechner ({device}) nicht: {reason}.',
    'Das Verfahren weglassen oder {instead} wählen.',
  ],
  'recipe.does-not-fit': [
    'Das Training dieses Modells mit {method} braucht selbst beim kleinsten Batch etwa {needed} Speicher; vorhanden sind {available}.',
    '{suggestion}.',
  ],
  'recipe.too-long': [
    'Die gewünschte Länge von {maxLength} Token ist mehr als die {contextLength}, die dieses Modell lesen kann.',
    'Höchstens {contextLength} Token verlangen oder ein Modell mit längerem Kontext wählen.',
  ],
  'recipe.impossible': [
    '{setting} kann hier nicht {value} sein: {reason}.',
    '{setting} ändern oder weglassen: Dann wählt Forge einen Wert und sagt, warum.',
  ],
};
