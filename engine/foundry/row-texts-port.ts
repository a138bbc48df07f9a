import type { RowTexts } from '#core/foundry/version-store.ts';
import { answerTextOf, promptTextOf } from '#core/foundry/row-texts.ts';

/** The rules of core about the texts of a row, for the store. */
export const rowTexts: RowTexts = {
  promptOf: promptTextOf,
  answerOf: answerTextOf,
};
