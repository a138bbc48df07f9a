import { defineWords } from '../words/define-words.ts';

export const connectionWords = defineWords('connection', {
  en: {
    lost: 'The connection to the engine broke before it was done.',
    lostRemedy: 'Try again when the engine answers: what it had done is kept.',
    silent: 'The engine does not answer.',
    failedRemedy: 'Try again. If it goes on, look at Settings, About.',
  },
  de: {
    lost: 'Die Verbindung zur Engine brach ab, bevor sie fertig war.',
    lostRemedy: 'Erneut versuchen, sobald die Engine antwortet: Was sie getan hatte, bleibt.',
    silent: 'Die Engine antwortet nicht.',
    failedRemedy: 'Erneut versuchen. Bleibt es so, unter Einstellungen, Über nachsehen.',
  },
}).now;
