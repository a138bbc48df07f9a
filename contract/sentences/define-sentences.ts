/**
 * Declares sentences that the engine says to people, by key. `{name}` stands for a text, which may itself be such a sentence;
 * `{name#}` stands for a figure, whose signs follow the reader's language.
 */
export function defineSentences<const T extends Readonly<Record<string, string>>>(sentences: T): T {
  return sentences;
}

type PlaceIn<Template extends string> = Template extends `${string}{${infer Place}}${infer Rest}`
  ? Place | PlaceIn<Rest>
  : never;

/** What has to be given to fill the places of a template; figures come as numbers, or written with the digits that count. */
export type ValuesFor<Template extends string> = {
  readonly [Place in PlaceIn<Template> as Place extends `${infer Name}#` ? Name : Place]: string | number;
};

/** Puts values into the places. A place without a value stays as it is. */
export function fillPlaces(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)#?\}/g, (place, name: string) => String(values[name] ?? place));
}

/** The names of a template's places in order of appearance. */
export function placesOf(template: string): string[] {
  return [...template.matchAll(/\{(\w+#?)\}/g)].map(([, place = '']) => place);
}
