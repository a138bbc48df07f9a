import type { SettingView } from '#contract/settings.ts';
import { currentLanguage } from '../../words/language.ts';

interface SettingText {
  readonly en: string;
  readonly de: readonly [name: string, about: string];
}

/** Names of the settings; the engine explains them in English, German stands here. */
const texts: Readonly<Record<string, SettingText>> = {
  'server.host': {
    en: 'Address',
    de: [
      'Adresse',
      'Adresse, unter der der Modellserver zuhört. 127.0.0.1 ist nur dieser Rechner; 0.0.0.0 lässt andere herein und braucht einen Schlüssel.',
    ],
  },
  'server.port': {
    en: 'Port',
    de: ['Port', 'Port des Modellservers. Programme, die das Modell nutzen, brauchen dieselbe Zahl.'],
  },
  'server.idle_unload_minutes': {
    en: 'Minutes until a model leaves memory',
    de: [
      'Minuten, bis ein Modell den Speicher verlässt',
      'Minuten ohne Anfrage, nach denen ein Modell den Speicher verlässt. Die nächste Anfrage lädt es wieder.',
    ],
  },
  'server.start_with_engine': {
    en: 'Start with Forge',
    de: ['Mit Forge starten', 'Den Modellserver starten, sobald Forge läuft, statt erst auf Verlangen.'],
  },
  'ollama.host': {
    en: 'Address of Ollama',
    de: ['Adresse von Ollama', 'Leer: die Variable OLLAMA_HOST, sonst dort, wo Ollama üblicherweise zuhört.'],
  },
  'network.offline': {
    en: 'Stay offline',
    de: ['Offline bleiben', 'Diesen Rechner nie verlassen. Was geholt werden müsste, wird dann abgelehnt und sagt es.'],
  },
  'appearance.theme': {
    en: 'Colours',
    de: ['Farben', 'Farben des Fensters: wie das System, dunkel, hell oder mit hohem Kontrast.'],
  },
  'appearance.language': {
    en: 'Language',
    de: ['Sprache', 'Sprache des Fensters: wie das System, Englisch oder Deutsch.'],
  },
  'updates.check': {
    en: 'Ask for newer versions',
    de: [
      'Nach neueren Versionen fragen',
      'Jede Frage steht im Netzwerkprotokoll; über die Person am Rechner wird nichts gesendet.',
    ],
  },
};

/** Name and explanation of a setting in the present language; one the window does not know speaks for itself. */
export function settingText({ key, about }: Pick<SettingView, 'key' | 'about'>): {
  readonly name: string;
  readonly about: string;
} {
  const text = texts[key];
  if (text === undefined) return { name: key, about };
  if (currentLanguage() === 'en') return { name: text.en, about };
  const [name, german] = text.de;
  return { name, about: german };
}

/** The variable that wins over a key: `server.port` is FORGE_SERVER_PORT. */
export function variableOf(key: string): string {
  return `FORGE_${key.replaceAll('.', '_').toUpperCase()}`;
}
