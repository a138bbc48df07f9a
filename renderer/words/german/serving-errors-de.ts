import type { servingErrors } from '#contract/errors/serving-errors.ts';
import type { GermanErrors } from './german-texts.ts';

export const servingErrorsDe: GermanErrors<typeof servingErrors> = {
  'serving.busy': [
    'Der Modellserver ist ausgelastet: {running} Antworten laufen, {waiting} warten; mehr geht nicht.',
    'In {retryAfterSeconds} Sekunden erneut versuchen.',
  ],
  'serving.file-not-usable': [
    'Die Modelldatei {path} lässt sich nicht bereitstellen: {reason}.',
    'Das Modell neu exportieren oder eine andere Datei wählen.',
  ],
  'serving.not-enough-memory': [
    'Um {path} bereitzustellen, sind etwa {neededMegabytes} MB Speicher nötig; {freeMegabytes} MB sind frei.',
    'Andere Programme schließen, eine kleinere Datei oder einen kürzeren Kontext wählen, dann erneut versuchen.',
  ],
  'serving.load-failed': [
    'Die Modelldatei {path} ließ sich nicht laden: {reason}.',
    'Den Lauf unter Läufe fortsetzen: Er prüft jede Datei und macht beschädigte neu.',
  ],
  'serving.no-runtime': [
    'Das eingebaute llama.cpp ließ sich auf diesem Rechner nicht starten: {reason}.',
    'Forge für dieses System neu installieren (seine zusätzlichen Pakete fehlen oder passen nicht).',
  ],
  'serving.address-not-usable': [
    'Der Server kann nicht auf {host} lauschen: Diese Adresse hat der Rechner nicht.',
    '127.0.0.1 nur für diesen Rechner nehmen oder 0.0.0.0 für alle seine Adressen.',
  ],
  'serving.stopped-listening': [
    'Der Server lauscht von selbst nicht mehr auf {host}:{port} ({reason}).',
    'Ihn erneut starten.',
  ],
  'serving.key-from-environment': [
    'Der Schlüssel des Servers kommt aus der Variable FORGE_SECRET_SERVING_KEY der Engine.',
    'Ihn dort ändern, dann die Engine beenden und neu starten.',
  ],
  'serving.nothing-loaded': [
    'Im Modellserver ist kein Modell geladen.',
    'Zuerst ein Modell laden, dann erneut fragen.',
  ],
  'serving.unknown-model': [
    'Ein bereitgestelltes Modell namens {model} gibt es nicht.',
    'Unter Modelle eines wählen oder unter Erstellen eines trainieren.',
  ],
  'serving.crashed': [
    'Der Prozess des Modellservers endete mitten in der Arbeit ({reason}).',
    'Die Anfrage erneut senden: Der Server startet von selbst neu.',
  ],
  'serving.keeps-crashing': [
    'Der Modellserver endete {crashes}-mal nacheinander und wartet {waitSeconds} Sekunden bis zum nächsten Versuch.',
    'So lange warten, dann erneut versuchen. Bleibt es so, passt die Datei vielleicht nicht zu diesem Rechner.',
  ],
  'serving.prompt-too-long': [
    'Das Gespräch hat {promptTokens} Token, das Modell ist mit Platz für {contextTokens} geladen.',
    'Das Gespräch kürzen oder das Modell mit längerem Kontext laden.',
  ],
  'serving.no-chat-template': [
    'Die Datei {path} enthält keine Chatvorlage, und Forge rät keine.',
    'Das Modell neu exportieren, sodass die beim Training benutzte Vorlage in der Datei steht.',
  ],
  'serving.template-refused': [
    'Die Chatvorlage des Modells hat das Gespräch abgelehnt: {reason}.',
    'Nachrichten in der Reihenfolge senden, die die Vorlage erwartet (meist user und assistant im Wechsel).',
  ],
  'serving.cancelled': ['Die Antwort wurde abgebrochen.', 'Nichts zu tun: bei Bedarf erneut fragen.'],
  'serving.ollama-absent': [
    'Ollama antwortet nicht unter {host}.',
    'Ollama installieren und starten oder OLLAMA_HOST setzen. Forge stellt Modelle auch ohne Ollama bereit.',
  ],
  'serving.ollama-too-old': [
    'Ollama {version} ist zu alt; {minimum} oder neuer wird gebraucht.',
    'Ollama aktualisieren, dann erneut bereitstellen.',
  ],
  'serving.ollama-disk-full': [
    'Ollama hat auf seiner Festplatte keinen Platz für {name} ({neededMegabytes} MB).',
    'Auf der Festplatte mit den Modellen von Ollama Platz schaffen, dann erneut bereitstellen.',
  ],
  'serving.ollama-failed': [
    'Ollama ist an {name} gescheitert ({action}): {reason}.',
    'Das Protokoll von Ollama lesen, dann erneut bereitstellen. Nichts Halbfertiges blieb zurück.',
  ],
  'serving.template-unknown': [
    'Die Chatvorlage dieses Modells lässt sich nicht an Ollama übergeben: {reason}.',
    'Das Modell mit dem eingebauten Server bereitstellen, der die Vorlage selbst benutzt.',
  ],
  'serving.deploy-differs': [
    'Ollama antwortet anders als die gemessene Datei: gleiche Promptlängen bei {promptsEqual} von {total}, übereinstimmende Antworten bei {answersAgreeing} von {total} ({needed} nötig).',
    'Das Modell wurde aus Ollama wieder entfernt. Es mit dem eingebauten Server bereitstellen.',
  ],
};
