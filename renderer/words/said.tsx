import { useSpeaker } from './speaker.ts';

/** A sentence of the engine, in the present language. */
export function Said({ text }: { readonly text: string }) {
  return useSpeaker().say(text);
}
