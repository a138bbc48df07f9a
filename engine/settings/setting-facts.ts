import type { Configuration } from '../configuration.ts';

type KeyOf<Section extends keyof Configuration> = `${Section}.${keyof Configuration[Section] & string}`;
/** `server.port`: a section and a key of config.toml. */
export type SettingKey = { [Section in keyof Configuration]: KeyOf<Section> }[keyof Configuration];

export interface SettingFacts {
  /** One or two sentences for a person. */
  readonly about: string;
  /** False: holds at once, or only matters at a start anyway. */
  readonly needsRestart: boolean;
}

/** What each setting is for. The type holds it complete: a key of the schema without an entry does not compile. */
export const settingFacts: Readonly<Record<SettingKey, SettingFacts>> = {
  'server.host': {
    about:
      'Address the model server listens on. 127.0.0.1 is this machine alone; 0.0.0.0 lets others in and needs a key.',
    needsRestart: true,
  },
  'server.port': {
    about: 'Port of the model server. Tools that use your model need the same number.',
    needsRestart: true,
  },
  'server.idle_unload_minutes': {
    about: 'Minutes without a request after which a model leaves memory. The next request loads it again.',
    needsRestart: true,
  },
  'server.start_with_engine': {
    about: 'Start the model server as soon as Forge runs, instead of when you first ask for it.',
    needsRestart: false,
  },
  'ollama.host': {
    about: 'Address of your Ollama. Empty: the variable OLLAMA_HOST, else where Ollama usually listens.',
    needsRestart: true,
  },
  'network.offline': {
    about: 'Never leave this machine. What would have to be fetched is then refused, and says so.',
    needsRestart: false,
  },
  'appearance.theme': {
    about: 'Colours of the window: as the system has them, dark, light, or high contrast.',
    needsRestart: false,
  },
  'appearance.language': {
    about: 'Language of the window: as the system has it, English or German.',
    needsRestart: false,
  },
  'updates.check': {
    about: 'Ask for newer versions of Forge. Every question is in the network ledger; nothing about you is sent.',
    needsRestart: false,
  },
};

export const settingKeys = Object.keys(settingFacts) as SettingKey[];

/** `server.port` as its section and key. */
export function placeOf(key: SettingKey): { readonly section: keyof Configuration; readonly name: string } {
  const dot = key.indexOf('.');
  return { section: key.slice(0, dot) as keyof Configuration, name: key.slice(dot + 1) };
}
