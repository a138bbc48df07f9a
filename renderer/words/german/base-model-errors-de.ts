import type { baseModelErrors } from '#contract/errors/base-model-errors.ts';
import type { GermanErrors } from './german-texts.ts';

export const baseModelErrorsDe: GermanErrors<typeof baseModelErrors> = {
  'base-model.unknown': [
    'Es gibt kein Basismodell „{id}“ und auch keinen Ordner und keine GGUF-Datei dieses Namens. Am ähnlichsten: {nearest}.',
    'Eines aus der Liste wählen oder den Pfad eines Ordners oder einer .gguf-Datei angeben.',
  ],
  'base-model.not-a-model': [
    '{path} ist kein Basismodell: {reason}.',
    'Eine .gguf-Datei angeben oder einen Ordner mit config.json, tokenizer.json und .safetensors-Dateien.',
  ],
  'base-model.family-not-supported': [
    '{path} enthält ein Modell der Familie „{family}“. Unterstützt werden: {supported}.',
    'Ein Basismodell einer unterstützten Familie wählen.',
  ],
  'base-model.no-chat-template': [
    '{path} hat keine Chatvorlage: Es sagt nicht, wo eine Frage endet und eine Antwort beginnt.',
    'Die Instruct- oder Chat-Variante dieses Modells wählen oder seine chat_template.jinja in den Ordner legen.',
  ],
  'base-model.gated': [
    'Der Herausgeber von {repository} verlangt vor dem Herunterladen eine Zustimmung ({reason}).',
    'Auf der Seite von {repository} der Lizenz zustimmen, dort ein Lesetoken anlegen und es unter Einstellungen, Anbieter und Schlüssel, als {secret} eintragen.',
  ],
  'base-model.not-on-hub': [
    'Auf dem Hub gibt es {repository} nicht in der Fassung „{revision}“.',
    'Ein anderes Basismodell wählen oder einen Ordner auf diesem Rechner angeben.',
  ],
  'base-model.hub-refused': [
    'Der Hub antwortete mit {status} (Vorgang: {purpose}).',
    'Einige Minuten warten und erneut versuchen: Was angekommen ist, bleibt erhalten.',
  ],
  'base-model.hub-answer-not-usable': [
    'Der Hub beschreibt {repository} auf eine Weise, die Forge nicht annimmt: {reason}.',
    'Ein anderes Basismodell wählen oder dieses selbst herunterladen und den Ordner angeben.',
  ],
  'base-model.digest-mismatch': [
    '{file} von {id} kam nicht so an, wie sie veröffentlicht wurde (anderer SHA-256-Wert); sie wurde gelöscht.',
    'Erneut versuchen; wiederholt es sich, verändert etwas auf dem Weg zur Quelle die Dateien.',
  ],
  'base-model.disk-full': [
    'Zu wenig Speicherplatz für {id} in {path}: {needed} werden gebraucht, {free} sind frei.',
    'Platz schaffen oder FORGE_HOME auf eine andere Festplatte verlegen, dann erneut versuchen: Was angekommen ist, bleibt erhalten.',
  ],
  'base-model.package-not-usable': [
    'Das Python-Paket mit {id} enthielt nicht das Erwartete ({reason}).',
    'Erneut versuchen; wiederholt es sich, ein anderes Basismodell wählen.',
  ],
  'base-model.not-to-be-had': [
    '{id} liegt nicht auf diesem Rechner und war nicht zu holen. {attempts}.',
    'Die Verbindung prüfen und erneut versuchen oder den Pfad eines Ordners oder einer .gguf-Datei angeben.',
  ],
  'base-model.catalogue-damaged': [
    'Der Katalog der Basismodelle ({path}) ist nicht lesbar: {reason}.',
    'Forge neu installieren; die Datei gehört dazu.',
  ],
  'base-model.list-damaged': [
    'Die Liste der eigenen Basismodelle ({path}) ist nicht lesbar: {reason}.',
    'Diese Datei berichtigen oder entfernen; die Modelle selbst bleiben unberührt.',
  ],
  'base-model.name-taken': ['Ein Basismodell namens „{id}“ gibt es schon.', 'Einen anderen Namen wählen.'],
};
