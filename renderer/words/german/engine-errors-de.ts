import type { engineErrors } from '#contract/errors/engine-errors.ts';
import type { GermanErrors } from './german-texts.ts';

export const engineErrorsDe: GermanErrors<typeof engineErrors> = {
  'engine.protocol-mismatch': [
    'Die laufende Engine hat eine andere Version von Forge (sie spricht Protokoll {engine}, diese Seite {client}).',
    'Das Fenster neu laden. Ändert das nichts, die Engine mit `forge stop` beenden und Forge neu öffnen.',
  ],
  'engine.not-authorised': [
    'Die Engine hat die Verbindung abgelehnt: Das Token fehlt oder ist falsch.',
    'Die Adresse öffnen, die `forge ui` gezeigt hat, mit ihrem Token.',
  ],
  'engine.home-in-use': [
    'Eine andere Engine (Prozess {pid}) arbeitet bereits in {home}.',
    'Diese benutzen, sie mit `forge stop` beenden oder mit --home einen anderen Ordner wählen.',
  ],
  'engine.home-not-writable': [
    'Forge kann in {home} nicht schreiben: {reason}.',
    'Dort die Schreibrechte setzen oder mit --home oder FORGE_HOME einen anderen Ordner wählen.',
  ],
  'engine.start-failed': ['Die Engine ist nicht gestartet: {reason}.', '{log} lesen, dann erneut versuchen.'],
  'engine.configuration-damaged': ['Die Einstellungen sind nicht verwendbar: {place} {reason}.', '{action}.'],
  'engine.disk-full': [
    'Die Festplatte ist voll: {path} ließ sich nicht schreiben.',
    'Platz schaffen oder FORGE_HOME auf eine andere Festplatte verlegen, dann erneut versuchen: Es geht dort weiter, wo es stehen blieb.',
  ],
  'engine.not-loopback': [
    'Auf {host} darf der Server nur lauschen, solange Anfragen einen Schlüssel brauchen.',
    'Zuerst den Schlüssel verlangen (Seite Server) oder 127.0.0.1 nehmen, das nur dieser Rechner erreicht.',
  ],
  'engine.port-taken': [
    'Port {port} auf {host} wird von einem anderen Programm benutzt.',
    'Dieses Programm beenden oder auf der Seite Server einen anderen Port wählen.',
  ],
  'engine.not-found': ['{kind} {id} gibt es nicht.', 'In der Liste nachsehen, was es gibt.'],
  'engine.bad-input': ['Die Anfrage ist ungültig: {reason}.', 'Das genannte Feld berichtigen und erneut senden.'],
  'engine.window-not-built': [
    'Die Engine läuft, aber ihr Fenster wurde noch nicht gebaut.',
    'Im Ordner von Forge npm start ausführen: Das baut das Fenster und öffnet es. Danach diese Seite neu laden.',
  ],
  'engine.bug': [
    'In Forge ist etwas schiefgegangen ({correlationId}).',
    'Diese Kennung im Protokoll der Engine suchen und melden.',
  ],
};
