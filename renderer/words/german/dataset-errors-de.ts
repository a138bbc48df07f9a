import type { datasetErrors } from '#contract/errors/dataset-errors.ts';
import type { GermanErrors } from './german-texts.ts';

export const datasetErrorsDe: GermanErrors<typeof datasetErrors> = {
  'dataset.not-found': ['Unter {path} liegt keine Datei.', 'Die Schreibweise des Pfads prüfen.'],
  'dataset.is-directory': [
    '{path} ist ein Ordner, keine Datei.',
    'Eine Datei darin nennen (JSONL, JSON, CSV oder TSV).',
  ],
  'dataset.not-a-file': [
    '{path} ist keine gewöhnliche Datei.',
    'Die Beispiele als gewöhnliche Datei speichern und diese nennen.',
  ],
  'dataset.not-readable': [
    '{path} ließ sich nicht lesen: {reason}.',
    'Die Leserechte für die Datei setzen oder sie an einen lesbaren Ort kopieren.',
  ],
  'dataset.changed-while-reading': [
    '{path} wurde beim Lesen von einem anderen Programm geändert.',
    'Warten, bis das andere Programm fertig ist, dann erneut versuchen.',
  ],
  'dataset.empty': [
    '{path} ist leer: Es stehen keine Beispiele darin.',
    'Mindestens {minimum} Beispiele hineinschreiben, je eine Frage und eine Antwort.',
  ],
  'dataset.header-only': [
    '{path} hat eine Kopfzeile ({columns}), aber keine Zeilen darunter.',
    'Mindestens {minimum} Zeilen unter der Kopfzeile ergänzen.',
  ],
  'dataset.binary': [
    '{path} ist keine Textdatei: Sie sieht aus wie {looksLike}.',
    'Die Beispiele als CSV oder JSONL (ein JSON-Objekt je Zeile) speichern und diese Datei nennen.',
  ],
  'dataset.too-large': [
    '{path} hat {size}, mehr als die {limit}, die gelesen werden.',
    'Einen Teil davon nehmen: Einige tausend gute Beispiele reichen für ein Modell.',
  ],
  'dataset.too-many-rows': [
    '{path} hat mehr als {limit} Zeilen.',
    'Einen Teil davon nehmen: Einige tausend gute Beispiele reichen für ein Modell.',
  ],
  'dataset.not-rows': [
    '{path} enthält JSON, aber nicht als Zeilen: {reason}.',
    'Ein JSON-Objekt je Zeile schreiben (JSONL) oder ein Array von Objekten.',
  ],
  'dataset.columns-unknown': [
    'In {path} wurden Frage und Antwort nicht gefunden. Gesehen: {seen}. Ohne Hilfe verstanden: {accepted}.',
    'Unten angeben, welche Spalten es sind, oder sie `question` und `answer` nennen.',
  ],
  'dataset.column-missing': [
    '{path} hat keine Spalte {column}. Gesehen: {seen}.',
    'Eine der vorhandenen Spalten nennen.',
  ],
  'dataset.unsupported-kind': [
    '{path} enthält {found}; damit trainiert diese Version nicht.',
    'Beispiele mit je einer Frage und einer guten Antwort angeben.',
  ],
  'dataset.all-rejected': [
    'Keiner der {seen} Datensätze in {path} ist verwendbar ({reasons}). Der erste steht in Zeile {line}: {example}.',
    'Die Datensätze nach den genannten Gründen berichtigen und die Datei erneut wählen.',
  ],
  'dataset.too-few-rows': [
    'Verwendbare Zeilen in {path}: {rows}. Zum Lernen und Prüfen sind mindestens {minimum} nötig. Von {seen} Datensätzen wurden {rejected} aussortiert{reasons}, {duplicates} waren doppelt.',
    'Beispiele ergänzen: Einige hundert sind ein guter Anfang; etwa ein Fünftel davon wird zum Messen zurückgehalten.',
  ],
  'dataset.too-few-groups': [
    'Die {rows} Zeilen gehören zu nur {groups} Gruppen verwandter Zeilen; mindestens 3 sind nötig, zum Trainieren, Auswählen und Messen.',
    'Beispiele zu anderen Themen ergänzen oder die Gruppenspalte berichtigen.',
  ],
  'dataset.held-out-too-large': [
    '{heldOutRows} zurückgehaltene Zeilen wurden verlangt, es gibt aber nur {rows} Zeilen (höchstens {largest} lassen sich zurückhalten).',
    'Weniger zurückgehaltene Zeilen verlangen oder Beispiele ergänzen.',
  ],
  'dataset.row-unknown': [
    'Die Zeile {row} gibt es in {path} nicht mehr.',
    'Die Datei neu lesen: Ihre Zeilen haben sich seit dem Anzeigen geändert.',
  ],
  'dataset.folder-without-examples': [
    'Keine Datei in {path} enthält lesbare Beispiele ({reason}).',
    'JSONL-, JSON-, CSV-, TSV- oder Parquet-Dateien hineinlegen oder eine Datei nennen. Dokumente liest ein Import.',
  ],
  'dataset.not-on-hub': [
    'Auf dem Hub gibt es keinen Datensatz {repository} in der Fassung „{revision}“.',
    'Die Schreibweise prüfen: hf:owner/name, wie auf der Seite des Datensatzes.',
  ],
  'dataset.hub-gated': [
    'Der Herausgeber des Datensatzes {repository} verlangt vor dem Herunterladen eine Zustimmung ({reason}).',
    'Auf der Seite von {repository} den Bedingungen zustimmen, dort ein Lesetoken anlegen und es unter Einstellungen, Anbieter und Schlüssel, als {secret} eintragen.',
  ],
  'dataset.hub-revision-unknown': [
    'Den Datensatz {repository} gibt es auf dem Hub, aber nicht in der Fassung „{revision}“.',
    'Die Fassung weglassen (hf:{repository}) oder einen Zweig, eine Marke oder einen Commit nehmen, den seine Seite nennt.',
  ],
  'dataset.hub-part-unknown': [
    'Im Datensatz {repository} gibt es {wanted} nicht. Es gibt: {parts}.',
    'Einen dieser Teile wählen.',
  ],
  'dataset.hub-part-open': ['Der Datensatz {repository} hat mehrere Teile: {parts}.', 'Einen dieser Teile wählen.'],
  'dataset.hub-busy': [
    'Der Hub antwortet vorerst nicht mehr: Von hier kamen zu viele Anfragen.',
    'In {minutes} min erneut versuchen: Was angekommen ist, bleibt erhalten. Mit einem Lesetoken (Einstellungen, Anbieter und Schlüssel, als hf_token) sind mehr erlaubt.',
  ],
  'dataset.hub-refused': [
    'Der Hub antwortete mit {status} (Vorgang: {purpose}).',
    'Einige Minuten warten und erneut versuchen: Was angekommen ist, bleibt erhalten.',
  ],
  'dataset.hub-not-usable': [
    'Der Datensatz {repository} ist vom Hub nicht verwendbar: {reason}.',
    'Ihn selbst als JSONL, JSON oder CSV herunterladen und die Datei nennen.',
  ],
  'dataset.hub-only-parquet': [
    'Den Datensatz {repository} gibt es nur als Parquet-Dateien; gelesen werden sie beim Import als Version.',
    'Ihn auf der Seite Daten holen.',
  ],
  'dataset.upload-too-large': [
    '{name} hat {size}; über den Browser lassen sich höchstens {limit} übergeben.',
    'Stattdessen den Pfad der Datei angeben oder einen Teil davon nehmen.',
  ],
  'dataset.upload-name': ['Eine Datei kann nicht {name} heißen: {reason}.', 'Die Datei umbenennen und erneut ablegen.'],
  'dataset.upload-broken-off': [
    '{name} kam nicht vollständig an; das Angekommene wurde entfernt.',
    'Die Datei erneut ablegen.',
  ],
  'dataset.not-removable': [
    '{path} gehört nicht zu den Dateien, die Forge aufbewahrt, und bleibt unberührt.',
    'Sie bei Bedarf selbst löschen.',
  ],
  'dataset.too-many-columns': [
    '{path} hat {columns} Spalten; gelesen werden höchstens {limit}.',
    'Prüfen, wie die Datei getrennt ist: Zeilen und Spalten sind vielleicht vertauscht. Nur die nötigen Spalten exportieren.',
  ],
  'dataset.expands-too-far': [
    '{path} wurde aufgegeben: {size} kamen heraus, das {ratio}-Fache der gepackten Größe ({limit}).',
    'Sie selbst entpacken, wo Platz ist, ansehen, was herauskommt, und diese Datei nennen.',
  ],
  'dataset.damaged': [
    '{path} ist nicht lesbar: {reason}.',
    'Die Datei von ihrer Quelle neu holen oder als JSONL oder CSV exportieren.',
  ],
  'dataset.several-inside': [
    '{path} enthält {count} Dateien mit Beispielen.',
    'Das Archiv als Ganzes einlesen oder es entpacken und eine Datei wählen.',
  ],
  'dataset.encoding-unknown': [
    'Eine Zeichenkodierung namens {encoding} gibt es nicht.',
    'Einen Namen wie utf-8, windows-1252, iso-8859-15, shift_jis oder gb18030 verwenden.',
  ],
};
