import type { comparisonErrors } from '#contract/errors/comparison-errors.ts';
import type { GermanErrors } from './german-texts.ts';

export const comparisonErrorsDe: GermanErrors<typeof comparisonErrors> = {
  'provider.unknown': [
    'Einen Anbieter namens {provider} gibt es nicht.',
    'Unter Einstellungen, Anbieter und Schlüssel, einen wählen oder dort hinzufügen.',
  ],
  'provider.built-in': [
    '{provider} ist eingebaut und lässt sich nicht ändern.',
    'Einen eigenen Anbieter unter anderem Namen hinzufügen; seine Adresse ist frei wählbar.',
  ],
  'provider.bad-address': [
    'Die Adresse {address} ist nicht verwendbar: {reason}.',
    'Die Basisadresse des Servers angeben, beginnend mit https:// (http:// nur für diesen Rechner).',
  ],
  'provider.file-damaged': [
    'Die Datei {path} stammt nicht von Forge.',
    'Sie beiseitelegen und die Anbieter neu hinzufügen.',
  ],
  'provider.key-missing': [
    '{provider} verlangt einen Schlüssel, und es ist keiner hinterlegt.',
    'Ihn unter Einstellungen, Anbieter und Schlüssel, eintragen.',
  ],
  'provider.key-refused': [
    '{provider} hat den Schlüssel abgelehnt.',
    'Beim Anbieter einen neuen Schlüssel anlegen und unter Einstellungen, Anbieter und Schlüssel, eintragen.',
  ],
  'provider.out-of-credit': [
    '{provider} meldet, dass das Guthaben des Kontos aufgebraucht ist.',
    'Das Guthaben beim Anbieter auffüllen, dann erneut versuchen.',
  ],
  'provider.rate-limited': [
    '{provider} nimmt im Moment keine weiteren Anfragen an.',
    '{waitSeconds} Sekunden warten, dann erneut versuchen.',
  ],
  'provider.model-unknown': [
    '{provider} kennt kein Modell namens {model}, oder dieser Schlüssel darf es nicht benutzen.',
    'Ein anderes Modell wählen; „Testen“ unter Einstellungen, Anbieter und Schlüssel, listet die vorhandenen auf.',
  ],
  'provider.refused': [
    '{provider} hat die Anfrage abgelehnt: {reason}.',
    'Das Genannte ändern (kürzerer Prompt, andere Einstellungen, anderes Modell), dann erneut versuchen.',
  ],
  'provider.down': [
    '{provider} antwortet nicht: {reason}.',
    'Verbindung und Adresse prüfen oder es in einigen Minuten erneut versuchen.',
  ],
  'provider.cut-off': [
    'Die Antwort von {provider} brach vor ihrem Ende ab.',
    'Erneut versuchen: Was angekommen ist, bleibt bis dahin stehen.',
  ],
  'provider.too-slow': [
    '{provider} hat {seconds} Sekunden lang nichts gesendet.',
    'Erneut versuchen oder ein anderes Modell wählen.',
  ],
  'provider.endless': [
    '{provider} schrieb über die Grenze von {maximumTokens} Token hinaus weiter; Forge hat die Antwort beendet.',
    'Ein anderes Modell wählen oder es dem Anbieter melden: Er hält sich nicht an die vorgegebene Grenze.',
  ],
  'provider.only-thought': [
    '{provider} hat alle {maximumTokens} Token für das Nachdenken verbraucht und keine Antwort gegeben.',
    'In den Einstellungen des Vergleichs längere Antworten zulassen, dann erneut versuchen.',
  ],
  'comparison.same-model-twice': [
    '{label} wurde zweimal gewählt.',
    'Verschiedene Modelle wählen: Dasselbe gegen sich selbst zeigt nichts.',
  ],
  'comparison.over-cap': [
    'Das könnte bis zu {atMostUsd} US-Dollar kosten; die Grenze liegt bei {capUsd}.',
    'Die Grenze anheben, weniger Prompts oder kürzere Antworten nehmen oder ein Modell weglassen.',
  ],
  'comparison.cost-unknown': [
    'Der Preis von {label} ist nicht bekannt; Forge kann nicht sagen, was das kostet.',
    'Eine Grenze in Dollar setzen: Forge rechnet dann mit dem höchsten bekannten Preis und hört vor der Grenze auf.',
  ],
  'comparison.cap-reached': [
    'Die Grenze von {capUsd} US-Dollar für diesen Vergleich ist erreicht ({spentUsd} ausgegeben).',
    'Einen neuen Vergleich mit höherer Grenze beginnen; die bisherigen Antworten bleiben.',
  ],
  'comparison.running': ['Dieser Vergleich läuft noch.', 'Sein Ende abwarten oder ihn vorher anhalten.'],
  'comparison.turn-unfinished': [
    'Noch haben nicht alle Modelle auf diesen Prompt geantwortet.',
    'Auf die übrigen warten oder den Vergleich anhalten und später fortsetzen.',
  ],
  'comparison.no-answer': [
    'Dieses Modell hat auf diesen Prompt keine Antwort.',
    'Eines wählen, das geantwortet hat, oder es erneut fragen.',
  ],
  'comparison.nothing-to-keep': [
    'Zu diesem Prompt wurde noch keine Antwort gewählt.',
    'Für die beste Antwort stimmen oder eine zur gewünschten umschreiben und sie dann behalten.',
  ],
  'comparison.nothing-rejected': [
    'Es ist nicht klar, welche Antwort das Paar ablehnen soll.',
    'Das Modell nennen, dessen Antwort die schlechtere ist.',
  ],
  'comparison.same-answers': [
    'Die gewünschte und die abgelehnte Antwort sind gleich; aus dem Paar lässt sich nichts lernen.',
    'Eine andere Antwort ablehnen oder sie als Beispiel behalten.',
  ],
  'comparison.no-prompts': [
    'In {source} steht kein Prompt.',
    'Eine Datei mit Fragen wählen oder selbst welche schreiben.',
  ],
  'comparison.too-much-text': [
    'Die Prompts haben zusammen {characters} Zeichen, mehr als {maximum}.',
    'Weniger Prompts nehmen.',
  ],
  'comparison.damaged': [
    'Der Vergleich {id} ist nicht lesbar: {reason}.',
    'Ihn entfernen; die anderen Vergleiche bleiben unberührt.',
  ],
};
