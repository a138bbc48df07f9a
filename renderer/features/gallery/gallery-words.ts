import { defineWords } from '../../words/define-words.ts';

export const useGalleryWords = defineWords('gallery', {
  en: {
    title: 'Gallery',
    subtitle_one: '{{count}} state, drawn from fixtures, without an engine',
    subtitle_other: '{{count}} states, drawn from fixtures, without an engine',
    search: 'Find a state',
    theme: 'Theme',
    dark: 'Dark',
    light: 'Light',
    contrast: 'Contrast',
    language: 'Language',
    unknownTitle: 'There is no such state',
    unknownText: 'Nothing in the gallery is called "{{id}}".',
    toIndex: 'All states',
    nothing: 'No state has this in its name.',
  },
  de: {
    title: 'Galerie',
    subtitle_one: '{{count}} Zustand, aus Beispieldaten gezeichnet, ohne Engine',
    subtitle_other: '{{count}} Zustände, aus Beispieldaten gezeichnet, ohne Engine',
    search: 'Zustand suchen',
    theme: 'Farben',
    dark: 'Dunkel',
    light: 'Hell',
    contrast: 'Kontrast',
    language: 'Sprache',
    unknownTitle: 'Diesen Zustand gibt es nicht',
    unknownText: 'In der Galerie heißt nichts „{{id}}“.',
    toIndex: 'Alle Zustände',
    nothing: 'Kein Zustand trägt das im Namen.',
  },
});
