import type { filterSentences } from '#contract/sentences/filter-sentences.ts';
import type { GermanSentences } from './german-texts.ts';

export const filterSentencesDe: GermanSentences<typeof filterSentences> = {
  'filter.too-short': '{count#} Zeichen, weniger als {minimum#}',
  'filter.too-long': '{count#} Zeichen, mehr als {maximum#}',
  'filter.too-few-tokens': 'etwa {count#} Tokens, weniger als {minimum#} (nach Zeichen geschätzt)',
  'filter.too-many-tokens': 'etwa {count#} Tokens, mehr als {maximum#} (nach Zeichen geschätzt)',
  'filter.no-code': 'kein Code in der Antwort',
  'filter.has-code': 'Code in der Antwort',
  'filter.code-broken': 'der Code in der Antwort lässt sich nicht parsen',
  'filter.code-unchecked': 'der Code in der Antwort ist in einer Sprache, die hier nicht geprüft wird',
  'filter.language': 'die Sprache ist {language}',
  'filter.language-unclear': 'die Sprache ist nicht zu erkennen',
  'filter.matches': 'passt zum Muster',
  'filter.matches-not': 'passt nicht zum Muster',
  'filter.banned': 'enthält „{phrase}“',
  'filter.refusal': 'die Antwort beginnt mit einer Ablehnung',
  'filter.echo': '{percent#} % der Antwort stehen schon in der Frage',
  'filter.quality': 'Güte {score#}: {fault}',
  'filter.fault-fewLetters': 'wenige Buchstaben',
  'filter.fault-repeats': 'immer wieder dieselben Wörter',
  'filter.fault-oddWords': 'Wörter von seltsamer Länge',
  'filter.fault-shouting': 'fast nur Großbuchstaben',
  'filter.fault-brokenOff': 'bricht mitten im Satz ab',
  'filter.fault-debris': 'Reste einer Vorlage oder Webseite',
  'filter.fault-shortness': 'fast nichts gesagt',
  'filter.equal': 'gleicht einer früheren Zeile',
  'filter.near': 'fast dasselbe wie eine Zeile, die bleibt',
  'filter.pii-dropped': 'enthält persönliche Daten: {kinds}',
  'filter.pii-masked': 'persönliche Daten verdeckt: {kinds}',
  'filter.pii-replaced': 'persönliche Daten ersetzt: {kinds}',
  'filter.pii-review': 'persönliche Daten anzusehen: {kinds}',
  'filter.task': 'enthält die Aufgabe {task}',
  'filter.task-review': 'nahe an der Aufgabe {task}',
  'filter.not-allowed': 'darf nicht zum Training dienen',
  'filter.terms-open': 'die Bedingungen von {teacher} wurden nicht angenommen',
  'filter.terms-accepted': 'die Bedingungen von {teacher} wurden angenommen',
  'study.tokens-estimated': 'Tokens sind nach Zeichen geschätzt; mit einem Basismodell zählt sie dessen Tokenizer.',
  'study.tokens-sampled':
    'Der Tokenizer von {base} hat {counted#} über alles verteilte Zeilen gezählt; die übrigen sind nach deren Verhältnis geschätzt.',
  'study.no-tokenizer':
    'Der Tokenizer von {base} liegt nicht auf diesem Rechner, daher sind Tokens nach Zeichen geschätzt.',
  'study.near-sampled':
    'Fast gleiche Zeilen wurden unter {percent#} % der Zeilen gesucht; der wahre Anteil ist mindestens der gezeigte.',
  'study.exact-sampled':
    'Gleiche Zeilen wurden unter {percent#} % der Texte gezählt, nach ihrem Hash gewählt, und hochgerechnet.',
  'study.no-tasks': 'Es ist kein Aufgabensatz installiert; für Kontamination gab es nichts zu vergleichen.',
  'study.toxicity-words':
    'Anstößiges wird nach Wortlisten gezählt: Sie sagen, wo hinzusehen ist, nicht, was schädlich ist.',
  'study.code-languages': 'Vom Code wird nur {languages} geparst; andere Sprachen werden gefunden, aber nicht geprüft.',
};
