import type { environmentErrors } from '#contract/errors/environment-errors.ts';
import type { hardwareErrors } from '#contract/errors/hardware-errors.ts';
import type { GermanErrors } from './german-texts.ts';

export const environmentErrorsDe: GermanErrors<typeof environmentErrors> = {
  'environment.python-missing': [
    'Auf diesem Rechner wurde kein Python {minimum} oder neuer gefunden, und es ließ sich keines holen ({reason}).',
    'Python {recommended} installieren (über das System oder python.org), dann die Einrichtung erneut starten.',
  ],
  'environment.python-too-old': [
    'Das neueste Python hier ist {found} ({path}); {minimum} bis {maximum} wird gebraucht, und es ließ sich keines holen ({reason}).',
    'Python {recommended} daneben installieren (das alte kann bleiben), dann die Einrichtung erneut starten.',
  ],
  'environment.venv-broken': [
    'Python unter {path} kann keine virtuelle Umgebung anlegen: {reason}.',
    'Die Teile venv und pip installieren (Debian und Ubuntu: `sudo apt install python3-venv`), dann die Einrichtung erneut starten.',
  ],
  'environment.uv-unusable': [
    'Der Paketinstallierer uv unter {path} läuft nicht: {reason}.',
    'Dieses uv entfernen oder aktualisieren, dann die Einrichtung erneut starten: Fehlt es, installiert Forge sein eigenes.',
  ],
  'environment.network-lost': [
    'Die Verbindung brach ab (Vorgang: {activity}): {reason}.',
    'Die Verbindung prüfen und die Einrichtung fortsetzen: Was schon da ist, wird nicht noch einmal geholt.',
  ],
  'environment.offline': [
    'Forge ist auf offline gestellt, aber es werden Pakete gebraucht, die noch nicht auf diesem Rechner sind (Vorgang: {activity}).',
    'Für die Einrichtung offline unter Einstellungen, Allgemein, ausschalten (und die Variable FORGE_NETWORK_OFFLINE aufheben), dann erneut starten.',
  ],
  'environment.disk-full': [
    'Zu wenig Speicherplatz für die Python-Umgebung in {path}: Etwa {needed} werden gebraucht, {free} sind frei.',
    'Platz schaffen oder FORGE_HOME auf eine andere Festplatte verlegen, dann die Einrichtung fortsetzen.',
  ],
  'environment.not-writable': [
    'Forge darf in {path} nicht schreiben: {reason}.',
    'Dort die Schreibrechte setzen oder mit --home oder FORGE_HOME einen anderen Ordner wählen.',
  ],
  'environment.hash-mismatch': [
    'Ein heruntergeladenes Paket ist nicht das, mit dem Forge getestet wurde ({detail}).',
    '`uv cache clean` ausführen und die Einrichtung erneut starten; wiederholt es sich, verändert die benutzte Paketquelle Dateien: eine andere wählen.',
  ],
  'environment.no-build': [
    'Für diesen Rechner gibt es ein benötigtes Paket nicht ({detail}).',
    'Einen Rechner mit 64-Bit-Linux, Windows oder Apple Silicon und Python {minimum} bis {maximum} benutzen.',
  ],
  'environment.install-failed': [
    'Die Python-Pakete ließen sich nicht installieren: {detail}.',
    'Die Umgebung reparieren (Einstellungen, Umgebungen); scheitert es wieder, das Protokoll {log} melden.',
  ],
  'environment.probe-failed': [
    'Die installierte Python-Umgebung arbeitet nicht: {stage} ist gescheitert ({detail}).',
    'Die Umgebung reparieren (Einstellungen, Umgebungen): Sie wird aus den heruntergeladenen Dateien neu gebaut.',
  ],
  'environment.not-ready': [
    'Die Python-Umgebung „{profile}“ ist nicht eingerichtet (nächste Stufe: {stage}).',
    'Sie unter Einstellungen, Umgebungen, einrichten.',
  ],
  'environment.busy': [
    'Eine andere Einrichtung der Python-Umgebung „{profile}“ läuft (Prozess {pid}).',
    'Ihr Ende abwarten, dann erneut versuchen.',
  ],
  'environment.in-use': [
    'Die Python-Umgebung „{profile}“ wird benutzt: Wartende oder laufende Arbeit braucht sie.',
    'Das Ende der Arbeit abwarten oder sie abbrechen, dann erneut versuchen.',
  ],
  'environment.cancelled': [
    'Die Einrichtung der Python-Umgebung „{profile}“ wurde in der Stufe {stage} angehalten.',
    'Sie fortsetzen: Es geht dort weiter, wo sie stehen blieb.',
  ],
  'network.offline': [
    'Forge ist auf offline gestellt; nicht begonnen wurde: {purpose}.',
    'Offline unter Einstellungen, Allgemein, ausschalten (und die Variable FORGE_NETWORK_OFFLINE aufheben), dann erneut versuchen.',
  ],
  'network.unreachable': [
    '{host} antwortete nicht (Vorgang: {purpose}): {reason}.',
    'Die Verbindung prüfen (und die Proxy-Einstellungen, falls vorhanden), dann erneut versuchen.',
  ],
  'network.lost': [
    'Die Verbindung zu {host} brach nach {bytes} Byte ab (Vorgang: {purpose}).',
    'Erneut versuchen: Was angekommen ist, bleibt erhalten, und die Übertragung geht von dort weiter.',
  ],
  'network.insecure-redirect': [
    '{host} verwies Forge an eine unverschlüsselte Adresse ({target}); ihr wurde nicht gefolgt.',
    'Eine andere Quelle benutzen; einem eigenen Server https geben.',
  ],
  'network.answer-too-large': [
    'Die Antwort von {host} ist größer als die erwarteten {maximumBytes} Byte.',
    'Die Adresse prüfen; stimmt sie, dies melden.',
  ],
};

export const hardwareErrorsDe: GermanErrors<typeof hardwareErrors> = {
  'hardware.profile-not-possible': [
    'Das Profil „{profile}“ passt nicht zu diesem Rechner: {reason}.',
    'Das Profil {fitting} benutzen, das zu diesem Rechner passt.',
  ],
  'hardware.system-not-supported': [
    'Auf diesem Rechner kann Forge nicht trainieren: {reason}.',
    'Einen Rechner mit 64-Bit-Linux oder Windows benutzen oder einen Mac mit Apple Silicon und macOS 14 oder neuer.',
  ],
};
