import { currentLanguage } from './language.ts';

/** Every term of the trade that a screen uses, in one sentence each. */
const terms = {
  adapter: {
    en: ['adapter', 'A small set of extra weights that is trained while the base model stays as it is.'],
    de: [
      'Adapter',
      'Ein kleiner Satz zusätzlicher Gewichte, der trainiert wird, während das Basismodell bleibt, wie es ist.',
    ],
  },
  base: {
    en: ['base model', 'The model one starts from; it knows the language but not the task.'],
    de: ['Basismodell', 'Das Modell, von dem man ausgeht; es kennt die Sprache, aber nicht die Aufgabe.'],
  },
  batch: {
    en: ['batch', 'The rows that are learned from together in one step.'],
    de: ['Batch', 'Die Zeilen, aus denen in einem Schritt gemeinsam gelernt wird.'],
  },
  checkpoint: {
    en: ['checkpoint', 'The state of a training on disk, from which it can go on.'],
    de: ['Checkpoint', 'Der Stand eines Trainings auf der Platte, von dem aus es weitergehen kann.'],
  },
  context: {
    en: ['context', 'How many tokens the model can look at together.'],
    de: ['Kontext', 'Wie viele Token das Modell gemeinsam betrachten kann.'],
  },
  epoch: {
    en: ['epoch', 'One pass over all rows.'],
    de: ['Epoche', 'Ein Durchgang durch alle Zeilen.'],
  },
  gguf: {
    en: ['GGUF', 'The file format in which llama.cpp and Ollama read a model.'],
    de: ['GGUF', 'Das Dateiformat, in dem llama.cpp und Ollama ein Modell lesen.'],
  },
  'gradient-accumulation': {
    en: [
      'gradient accumulation',
      'Several small batches add up to one step, so that a large step fits into little memory.',
    ],
    de: [
      'Gradientenakkumulation',
      'Mehrere kleine Batches ergeben zusammen einen Schritt, damit ein großer Schritt in wenig Speicher passt.',
    ],
  },
  'gradient-norm': {
    en: [
      'gradient norm',
      'How strongly a step wants to change the weights; jumps hint at odd rows or a rate that is too high.',
    ],
    de: [
      'Gradientennorm',
      'Wie stark ein Schritt die Gewichte ändern will; Sprünge deuten auf seltsame Zeilen oder eine zu hohe Rate.',
    ],
  },
  'held-out': {
    en: ['held-out rows', 'Rows that are never learned from and only used to measure.'],
    de: ['zurückgehaltene Zeilen', 'Zeilen, aus denen nie gelernt wird und die nur zum Messen dienen.'],
  },
  interval: {
    en: ['interval', 'The range in which the true difference lies with 95 % confidence.'],
    de: ['Intervall', 'Der Bereich, in dem der wahre Unterschied mit 95 % Sicherheit liegt.'],
  },
  invariant: {
    en: ['invariant', 'Something that must hold in every training, such as: tokens were learned, the adapter changed.'],
    de: [
      'Invariante',
      'Etwas, das in jedem Training gelten muss, zum Beispiel: Token wurden gelernt, der Adapter hat sich geändert.',
    ],
  },
  'learning-rate': {
    en: ['learning rate', 'How far each step moves the weights.'],
    de: ['Lernrate', 'Wie weit jeder Schritt die Gewichte bewegt.'],
  },
  lora: {
    en: ['LoRA', 'Trains small adapters on the layers of the model instead of all its weights.'],
    de: ['LoRA', 'Trainiert kleine Adapter an den Schichten des Modells statt aller seiner Gewichte.'],
  },
  loss: {
    en: ['loss', 'How surprised the model is by the right answer, in nats per token; lower is better.'],
    de: ['Verlust', 'Wie überrascht das Modell von der richtigen Antwort ist, in Nats je Token; kleiner ist besser.'],
  },
  parity: {
    en: ['parity', 'The exported file must answer as the trained model does; four gates check it.'],
    de: ['Parität', 'Die exportierte Datei muss antworten wie das trainierte Modell; vier Prüfungen sichern es ab.'],
  },
  quantisation: {
    en: ['quantisation', 'Storing weights with fewer bits: a smaller file that answers almost the same.'],
    de: ['Quantisierung', 'Gewichte mit weniger Bits speichern: eine kleinere Datei, die fast gleich antwortet.'],
  },
  rank: {
    en: ['rank', 'The size of the adapters: a higher rank can learn more and takes more memory.'],
    de: ['Rang', 'Die Größe der Adapter: ein höherer Rang kann mehr lernen und braucht mehr Speicher.'],
  },
  sandbox: {
    en: [
      'sandbox',
      'A closed place for a program: it reaches no file, no other program and no network, and ends when it takes too much.',
    ],
    de: [
      'Sandbox',
      'Ein abgeschlossener Ort für ein Programm: Es erreicht keine Datei, kein anderes Programm und kein Netz, und endet, wenn es zu viel braucht.',
    ],
  },
  temperature: {
    en: ['temperature', 'How freely the model chooses among likely words; 0 always takes the likeliest.'],
    de: [
      'Temperatur',
      'Wie frei das Modell unter wahrscheinlichen Wörtern wählt; 0 nimmt immer das wahrscheinlichste.',
    ],
  },
  token: {
    en: ['token', 'A piece of text as the model reads it, often a part of a word.'],
    de: ['Token', 'Ein Textstück, wie das Modell es liest, oft ein Teil eines Wortes.'],
  },
  'tokens-per-second': {
    en: ['tokens per second', 'How fast text is learned from or written.'],
    de: ['Token pro Sekunde', 'Wie schnell aus Text gelernt oder Text geschrieben wird.'],
  },
  'validation-loss': {
    en: ['validation loss', 'The loss on rows that are not learned from; it tells when to stop.'],
    de: ['Validierungsverlust', 'Der Verlust auf Zeilen, aus denen nicht gelernt wird; er sagt, wann Schluss ist.'],
  },
} as const satisfies Record<string, { readonly en: readonly [string, string]; readonly de: readonly [string, string] }>;

export type TermId = keyof typeof terms;
export const termIds = Object.keys(terms) as readonly TermId[];

/** The term's name and its one-sentence explanation in the present language. */
export function termOf(id: TermId): { readonly name: string; readonly explanation: string } {
  const [name, explanation] = terms[id][currentLanguage()];
  return { name, explanation };
}
