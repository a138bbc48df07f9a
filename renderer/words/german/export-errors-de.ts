import type { exportErrors } from '#contract/errors/export-errors.ts';
import type { GermanErrors } from './german-texts.ts';

export const exportErrorsDe: GermanErrors<typeof exportErrors> = {
  'export.parity-failed': [
    'Die exportierte Datei von {model} verhält sich nicht wie das trainierte Modell: {gates}. Sie wurde nicht bereitgestellt.',
    'Dies mit den Paritätswerten von {model} (Seite Modelle) melden; der Adapter bleibt erhalten und lässt sich erneut exportieren.',
  ],
  'export.library-missing': [
    'Die llama.cpp-Bibliothek für {system} fehlt in {folder}.',
    'Im Ordner von Forge `npm ci` ausführen, dann erneut versuchen.',
  ],
  'export.no-file': [
    '{model} hat keine fertige Datei zum Exportieren ({state}).',
    'Den Lauf unter Läufe fortsetzen, mit Export: Was fertig ist, wird nicht wiederholt.',
  ],
  'export.not-trained': [
    '{model} ist noch nicht trainiert ({state}); es gibt nichts zu exportieren.',
    'Den Lauf unter Läufe fortsetzen: Er geht dort weiter, wo er stehen blieb.',
  ],
  'export.no-adapter': [
    '{model} hat keinen Adapter, der sich allein exportieren ließe: {reason}.',
    'Stattdessen das ganze Modell exportieren.',
  ],
  'export.type-without-file': [
    'Ein Dateityp ({type}) gehört zu einer GGUF-Datei des ganzen Modells, nicht zum Format {format}.',
    'Den Dateityp oder das Format weglassen.',
  ],
  'export.file-changed': [
    '{path} ist nicht die Datei, die für {model} gemacht wurde: {reason}.',
    'Etwas hat sie seitdem verändert. Den Lauf unter Läufe fortsetzen: Verändertes wird neu gemacht.',
  ],
  'export.base-gone': [
    '{model} muss neu zusammengesetzt werden, aber das Basismodell {base} liegt nicht mehr so auf diesem Rechner wie zuvor.',
    'Den Lauf unter Läufe fortsetzen: Er holt das Basismodell zurück; was heil ist, wird nicht wiederholt.',
  ],
  'export.worse': [
    '{model} als {type} verhält sich nicht wie das trainierte Modell: {gates}. Es wurde nicht geschrieben.',
    '{instead} wählen oder es ausdrücklich trotzdem schreiben lassen.',
  ],
  'export.cancelled': [
    'Der Export von {model} wurde angehalten; geschrieben wurde nichts.',
    'Den Export bei Bedarf erneut beginnen.',
  ],
  'export.target-exists': ['{path} gibt es schon.', 'Einen anderen Ort wählen oder das Ersetzen erlauben.'],
  'export.target-not-replaceable': [
    '{path} gibt es schon, und es ist nicht das, was ersetzt werden soll: {reason}.',
    'Einen anderen Ort wählen: Ersetzt wird nur ein früherer Export.',
  ],
  'export.target-refused': [
    '{path} lässt sich nicht schreiben: {reason}.',
    'Einen anderen Ort wählen oder dort die Schreibrechte setzen.',
  ],
  'export.disk-full': [
    'Die Festplatte ist voll: {path} ließ sich nicht schreiben. Nichts Halbfertiges bleibt zurück.',
    'Dort Platz schaffen oder einen Ort auf einer anderen Festplatte wählen, dann erneut versuchen.',
  ],
};
