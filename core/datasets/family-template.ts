import type { CatalogueEntry } from '#contract/base-models.ts';
import type { ChatMessage } from '#contract/serving.ts';
import { turnShapes, writeTurns } from '../serving/turn-shapes.ts';

/**
 * A conversation as a family of models writes it, for a base whose files are not here. It is the family's usual form: the system message that some models add by
 * themselves, and the first token of the file, are known from the file alone.
 */
export function writeAsFamily(
  family: CatalogueEntry['template'],
  messages: readonly ChatMessage[],
  addGenerationPrompt: boolean,
): string {
  const shape = turnShapes.find((known) => known.family === family);
  if (shape === undefined) throw new Error(`there is no shape for the template family ${family}`);
  const details = { defaultSystem: null, systemPreamble: '', generationTail: '' };
  return writeTurns(addGenerationPrompt ? shape : { ...shape, generation: '' }, details, messages);
}
