import { defineWords } from '../../words/define-words.ts';
import { german } from './runs-words-de.ts';
import { english } from './runs-words-en.ts';

export const useRunsWords = defineWords('runs', { en: english, de: german });
export type RunsWords = ReturnType<typeof useRunsWords>;
