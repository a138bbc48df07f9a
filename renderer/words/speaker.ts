import { useSyncExternalStore } from 'react';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { currentLanguage, onLanguageChange, type Language } from './language.ts';

/** Says what the engine sends as English sentences in the present language. */
export interface Speaker {
  /** A sentence or clause of the engine; what is not known (a person's text, a provider's words) comes back as it is. */
  readonly say: (text: string) => string;
  /** What happened, and what to do about it at the window. */
  readonly failure: (
    failure: Pick<ForgeErrorData, 'code' | 'message' | 'remedy' | 'windowRemedy' | 'detail'>,
  ) => Pick<ForgeErrorData, 'message' | 'remedy'>;
}

const english: Speaker = {
  say: (text) => text,
  failure: ({ message, remedy, windowRemedy }) => ({ message, remedy: windowRemedy ?? remedy }),
};

let german: Speaker | null = null;

/** Fetches what a language needs beyond the first load; without it the engine's sentences stay English. */
export async function prepareLanguage(language: Language): Promise<void> {
  if (language !== 'de' || german !== null) return;
  try {
    const { germanSpeaker } = await import('./german/german-speaker.ts');
    german = germanSpeaker;
  } catch (error) {
    console.warn('The German sentences could not be loaded.', error);
  }
}

/** For code outside components. */
export function speakerNow(): Speaker {
  return currentLanguage() === 'de' ? (german ?? english) : english;
}

/** The speaker of the present language. */
export function useSpeaker(): Speaker {
  return useSyncExternalStore(onLanguageChange, speakerNow);
}
