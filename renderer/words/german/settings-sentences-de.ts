import type { settingsSentences } from '#contract/sentences/settings-sentences.ts';
import type { GermanSentences } from './german-texts.ts';

export const settingsSentencesDe: GermanSentences<typeof settingsSentences> = {
  'settings.server-host':
    'Adresse, auf der der Modellserver lauscht. 127.0.0.1 ist nur dieser Rechner; 0.0.0.0 lässt andere herein und braucht einen Schlüssel.',
  'settings.server-port': 'Port des Modellservers. Werkzeuge, die das Modell benutzen, brauchen dieselbe Nummer.',
  'settings.server-idle':
    'Minuten ohne Anfrage, nach denen ein Modell den Speicher verlässt. Die nächste Anfrage lädt es wieder.',
  'settings.server-start': 'Den Modellserver starten, sobald Forge läuft, statt erst auf Wunsch.',
  'settings.ollama-host': 'Adresse von Ollama. Leer: die Variable OLLAMA_HOST, sonst die übliche Adresse von Ollama.',
  'settings.network-offline':
    'Diesen Rechner nie verlassen. Was geholt werden müsste, wird dann verweigert und sagt es.',
  'settings.theme': 'Farben des Fensters: wie das System, dunkel, hell oder mit hohem Kontrast.',
  'settings.language': 'Sprache des Fensters: wie das System, Englisch oder Deutsch.',
  'settings.updates':
    'Nach neueren Versionen von Forge fragen. Jede Anfrage steht im Netzwerkprotokoll; über die Person wird nichts gesendet.',
  'settings.part-base-models': 'Basismodelle',
  'settings.part-base-models-about':
    'Modelle, von denen Trainings ausgehen, und ihre Vergleichsdateien. Sie werden bei Bedarf wieder geholt.',
  'settings.part-environments': 'Python-Umgebungen',
  'settings.part-environments-about':
    'Python mit seinen Paketen zum Trainieren und die Werkzeuge, die es installieren. Sie werden bei Bedarf wieder eingerichtet. Mit dem Cache von uv geteilte Dateien werden erst frei, wenn auch dieser geleert wird (`uv cache clean`).',
  'settings.part-models': 'Eigene Modelle',
  'settings.part-models-about': 'Die erstellten Versionen mit ihren Daten, Messungen und Dateien.',
  'settings.part-models-remedy': 'Einzelne Versionen unter Modelle entfernen',
  'settings.part-checkpoints': 'Checkpoints beendeter Läufe',
  'settings.part-checkpoints-about':
    'Gespeicherte Stände aus Trainings. Die von fertigen, gescheiterten und abgebrochenen Läufen braucht Forge nicht mehr; angehaltene und unterbrochene Läufe behalten ihre.',
  'settings.part-runs': 'Geschichte der Läufe',
  'settings.part-runs-about':
    'Kurven, Ereignisse, Konsolen und Ergebnisse aller Läufe. Daran findet Forge fertige Arbeit wieder.',
  'settings.part-runs-remedy': 'Stattdessen die Checkpoints löschen: Sie machen fast alles davon aus',
  'settings.part-datasets': 'Datensätze',
  'settings.part-datasets-about':
    'Versionen der Datensätze mit ihren Indizes und Berichten und die aus Vergleichen behaltenen Antworten.',
  'settings.part-datasets-remedy': 'Einzelne Versionen unter Daten entfernen oder mit `forge data remove`',
  'settings.part-uploads': 'übergebene und geholte Dateien',
  'settings.part-uploads-about':
    'Kopien von dem, was im Fenster abgelegt, zusammengesetzt oder vom Hub geholt wurde. Datensätze behalten ihre eigenen Zeilen; ein Training mit so einer Datei, das noch nicht begonnen hat, braucht sie wieder.',
  'settings.part-comparisons': 'Vergleiche',
  'settings.part-comparisons-about': 'Antworten und Stimmen aus dem Vergleichen von Modellen.',
  'settings.part-comparisons-remedy': 'Einzelne unter Vergleich entfernen',
  'settings.part-index': 'Verzeichnis',
  'settings.part-index-about':
    'Was Listen und Kurven schnell macht. Es entsteht aus der Geschichte der Läufe (`forge index rebuild`).',
  'settings.part-index-remedy': 'Es wächst und schrumpft mit der Geschichte der Läufe',
  'settings.part-caches': 'Zwischenspeicher',
  'settings.part-caches-about':
    'Übersetzte Programmteile. Sie entstehen von selbst neu; der nächste Start dauert etwas länger.',
  'settings.part-logs': 'Protokolle',
  'settings.part-logs-about':
    'Was Forge bei der Arbeit notiert hat. Das Netzwerkprotokoll und das Protokoll der laufenden Engine bleiben.',
  'settings.part-in-use': 'wartende oder laufende Arbeit braucht es',
  'settings.part-not-counted': 'Es ist so viel, dass nicht zu Ende gezählt wurde.',
  'settings.secret-hub':
    'lädt Basismodelle herunter, deren Herausgeber eine Zustimmung verlangt (geschützte Modelle des Hugging-Face-Hubs)',
  'settings.secret-server':
    'wird von Clients des OpenAI-kompatiblen Servers gesendet; Forge macht beim ersten Gebrauch einen',
  'settings.secret-provider': 'lässt Vergleiche die Modelle von {name} fragen; geht nur an {host}',
  'settings.secret-source-hub': 'huggingface.co, Settings, Access Tokens: ein Token der Art Read',
  'settings.secret-source-server':
    'die Seite Server, die einen macht und zeigt; ein eigener Schlüssel ist auch möglich',
  'settings.secret-source-provider': '{name}, wo auch die Adresse herkommt',
  'settings.secret-variable': 'Variable {variable} der Engine',
  'settings.secret-file': 'Datei secrets.json (0600, nicht verschlüsselt)',
  'settings.secret-file-user': 'Datei secrets.json (nur dieses Benutzerkonto, nicht verschlüsselt)',
  'settings.secret-kept':
    'Schlüssel liegen in {path}. Nur dieses Benutzerkonto darf die Datei lesen, sie ist aber nicht verschlüsselt: Wer das Konto benutzen kann, kann sie lesen.',
  'settings.secret-empty': 'leer',
  'settings.secret-long': 'zu lang',
  'settings.secret-lines': 'nicht eine Zeile Text',
  'settings.best-smol-135':
    'Forge kennenlernen und eng umrissene Aufgaben wie Sortieren oder Herauslesen, in Minuten auf jedem Laptop.',
  'settings.best-smol-360': 'Eng umrissene Aufgaben auf einem Laptop, wenn 135M knapp nicht reicht.',
  'settings.best-smol-1700': 'Allgemeine englische Aufgaben mit 8 GB Grafikspeicher und ganz offener Lizenz.',
  'settings.best-tiny': 'Vergleiche mit älteren Arbeiten; SmolLM2 und Qwen dieser Größe antworten besser.',
  'settings.best-llama-1': 'Kurze Texte in acht Sprachen auf einer kleinen Grafikkarte.',
  'settings.best-llama-3': 'Assistenten und Zusammenfassungen mit 8 bis 12 GB Grafikspeicher.',
  'settings.best-llama-8': 'Anspruchsvolle Assistenten mit 24 GB Grafikspeicher, oder 12 GB mit 4-Bit-Gewichten.',
  'settings.best-qwen-500': 'Herauslesen und Sortieren in vielen Sprachen auf einem Laptop.',
  'settings.best-qwen-1500':
    'Die beste Antwort je Gigabyte unter offener Lizenz: Formulare, Tabellen, kurze Antworten.',
  'settings.best-qwen-3':
    'Forschung mit 8 GB Grafikspeicher; für Produkte 1.5B oder 7B nehmen, deren Lizenz offen ist.',
  'settings.best-qwen-7': 'Anspruchsvolle Aufgaben in vielen Sprachen mit 24 GB Grafikspeicher.',
  'settings.best-coder-1500': 'Kurzen Code auf einem Laptop ergänzen und erklären.',
  'settings.best-coder-3': 'Forschung an Code-Modellen; für Produkte 1.5B oder 7B nehmen.',
  'settings.best-coder-7': 'Ein eigener Code-Assistent mit 24 GB Grafikspeicher.',
  'settings.best-qwen3-600':
    'Sortieren und Herauslesen in vielen Sprachen auf einem Laptop, auf Wunsch mit Nachdenken.',
  'settings.best-qwen3-1700': 'Allgemeine Aufgaben in vielen Sprachen mit 8 GB Grafikspeicher.',
  'settings.best-qwen3-4': 'Schlussfolgern und Werkzeuggebrauch mit 12 bis 16 GB Grafikspeicher.',
  'settings.best-qwen3-8': 'Das stärkste Modell mit offener Lizenz hier, mit 24 GB Grafikspeicher.',
  'settings.licence-llama':
    'Kommerzielle Nutzung ist unter 700 Millionen monatlichen Nutzern erlaubt; Produkte tragen „Built with Llama“.',
  'settings.licence-research':
    'Nur Forschung und Erprobung; kommerzielle Nutzung braucht eine Lizenz des Herausgebers.',
  'settings.origin-folder': 'ein Ordner auf diesem Rechner',
  'settings.origin-gguf': 'eine GGUF-Datei auf diesem Rechner',
  'settings.origin-ollama': 'in Ollama ({name})',
  'settings.origin-package': 'im Python-Paket {package}',
  'settings.origin-hub': 'auf dem Hugging-Face-Hub ({repository})',
  'settings.base-fetching': '{name} wird geholt: {origin}',
  'settings.base-downloading-file': '{id} wird heruntergeladen: {file}',
  'settings.base-looking-up': 'Dateien von {id} nachschlagen',
  'settings.base-downloading': '{id} herunterladen',
  'settings.base-checking': '{name} prüfen',
  'settings.base-no-token': 'es ist kein Token gesetzt',
  'settings.hub-file-count': 'es nennt {count#} Dateien',
  'settings.hub-large': 'es ist größer als 200 GB',
  'settings.hub-has-no': 'es hat keine {file}',
  'settings.hub-no-weights': 'es hat keine .safetensors-Gewichte',
  'settings.base-gone': 'es ist nicht mehr da',
  'settings.base-not-readable': 'Forge darf es nicht lesen',
  'settings.base-neither': 'es ist weder Datei noch Ordner',
  'settings.base-no-config': 'es ist ein Ordner ohne config.json',
  'settings.base-bin':
    'seine Gewichte liegen in einem Format vor, das Code ausführen kann (.bin); in .safetensors umwandeln',
  'settings.base-no-safetensors': 'es hat keine .safetensors-Datei',
  'settings.base-no-tokenizer': 'es hat keine tokenizer.json',
  'settings.base-sizes': 'die Größen in seinen Dateien sind nicht die eines Modells',
  'settings.base-config-large': 'seine config.json ist größer als 1 MB',
  'settings.base-config-odd': 'seine config.json ist nicht lesbar oder nennt die Form des Modells nicht: {odd}',
  'settings.base-config': 'seine config.json ist nicht lesbar oder nennt die Form des Modells nicht',
  'settings.base-header-odd': 'sein Kopf kann nicht stimmen: {odd}',
  'settings.base-header-long': 'sein Kopf ist länger als die Datei',
  'settings.base-cut': 'es endet vor seinem letzten Tensor ({found#} von {wanted#} Byte sind da)',
  'settings.base-header': 'sein Kopf ist nicht lesbar',
  'settings.base-header-size': 'sein Kopf nennt seine Größe nicht',
  'settings.base-no-path': 'es gibt keine solche Datei und keinen solchen Ordner',
  'settings.base-json': 'es ist kein JSON-Objekt',
  'settings.base-key-missing': '{key} fehlt',
  'settings.base-key-range': '{key} ist {value} (1 bis {limit#})',
  'settings.base-heads': 'teilt die Zahl der Köpfe nicht',
  'settings.gguf-begins': 'es ist eine Datei, die nicht wie eine GGUF-Datei beginnt',
  'settings.gguf-ends': 'sie endet in ihrem Kopf, bei {place}',
  'settings.gguf-too-much': '{place} ist {value}, mehr als hier richtig sein kann',
  'settings.gguf-header-long': 'ihr Kopf ist länger als 256 MiB, oder die Datei ändert sich beim Lesen',
  'settings.gguf-no-tensors': 'sie hat keine Tensoren',
  'settings.gguf-twice': 'einer ihrer Einträge im Kopf steht zweimal da',
  'settings.gguf-type': 'ihr Kopf hat einen Wert der unbekannten Art {type}',
  'settings.gguf-tensor-twice': 'der Tensor {name} steht zweimal in ihrem Kopf',
  'settings.gguf-tensor-size': 'der Tensor {name} hat eine Größe, die nicht stimmen kann',
  'settings.package-not-in': '{name} ist nicht darin',
  'settings.package-bytes': '{name} hat {found#} Byte statt {wanted#}',
};
