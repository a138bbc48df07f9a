import { z } from 'zod';
import { languageChoice, type LanguageChoice } from '#contract/shell.ts';
import { readKept, writeKept } from './kept-file.ts';
import { desktopWords, type DesktopWords } from './words.ts';

/** The language of tray, menus and dialogs, as it is now. */
export interface SpokenLanguage {
  readonly words: DesktopWords;
  /** As the setting `appearance.language` says. */
  choose(choice: LanguageChoice): void;
  onChange(listener: () => void): void;
}

const kept = z.looseObject({ language: languageChoice });

/**
 * The person's choice, else the system's language. The choice is kept beside the window's state, so that a start at login speaks it before there is a window or
 * an engine to ask.
 */
export function createSpokenLanguage(file: string, system: string): SpokenLanguage {
  const listeners: (() => void)[] = [];
  let choice = readKept(file, kept)?.language ?? 'system';
  let words = wordsOf(choice, system);
  return {
    get words() {
      return words;
    },
    choose(next) {
      if (next === choice) return;
      choice = next;
      words = wordsOf(choice, system);
      writeKept(file, { language: choice });
      for (const listener of listeners) listener();
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

function wordsOf(choice: LanguageChoice, system: string): DesktopWords {
  return desktopWords(choice === 'system' ? system : choice);
}
