import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  comparableModel,
  comparisonEvent,
  comparisonRequest,
  comparisonTurn,
  comparisonView,
  costEstimate,
  keptRow,
  vote,
} from '../comparisons.ts';
import { providerFormat, providerTest, providerView } from '../providers.ts';
import { procedure, requestId } from './procedure.ts';

const id = z.string().max(100);
const turn = z.number().int().min(0);
const pane = z.number().int().min(0).max(3);
const turnChange = z.object({ id, turn, requestId });

export const comparisonProcedures = {
  /** Every model a pane could take, those that are not ready with their obstacle. */
  models: procedure.output(z.array(comparableModel)),
  estimate: procedure.input(z.object({ request: comparisonRequest })).output(costEstimate),
  /** @throws `comparison.over-cap` when the estimate exceeds the cap. */
  start: procedure.input(z.object({ request: comparisonRequest, requestId })).output(comparisonView),
  /** One more prompt to the same models: the panes go on as conversations. */
  ask: procedure.input(z.object({ id, prompt: z.string().min(1).max(200_000), requestId })).output(comparisonView),
  list: procedure.output(z.array(comparisonView)),
  get: procedure.input(z.object({ id })).output(comparisonView),
  /** Turns by number, for the table of a set. */
  turns: procedure
    .input(
      z.object({ id, offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(200).default(50) }),
    )
    .output(z.object({ total: z.number().int(), turns: z.array(comparisonTurn) })),
  /** State, all turns that are not finished, then changes; ends when the comparison has. */
  watch: procedure.input(z.object({ id })).output(eventIterator(comparisonEvent)),
  stop: procedure.input(z.object({ id, requestId })).output(comparisonView),
  /** Goes on with what an ended engine or a person stopped. */
  resume: procedure.input(z.object({ id, requestId })).output(comparisonView),
  /** Asks again in one pane, the others stay. */
  retry: procedure.input(turnChange.extend({ pane })).output(comparisonTurn),
  /** Voting reveals the turn. Null takes the vote back (the names stay revealed). */
  vote: procedure.input(turnChange.extend({ vote: vote.nullable() })).output(comparisonTurn),
  /** Sets the wished answer of a turn; null takes it back. */
  edit: procedure
    .input(turnChange.extend({ edited: z.object({ pane, text: z.string().max(200_000) }).nullable() }))
    .output(comparisonTurn),
  /**
   * Keeps a turn as data. `example`: the edited answer, else the one voted best. `preference`: that one against the
   * rejected pane. Repeating changes nothing.
   */
  keep: procedure
    .input(turnChange.extend({ as: z.enum(['example', 'preference']), rejectedPane: pane.nullable().default(null) }))
    .output(z.object({ row: keptRow, path: z.string(), turn: comparisonTurn })),
  /** Undo of `keep`. */
  unkeep: procedure.input(turnChange.extend({ as: z.enum(['example', 'preference']) })).output(comparisonTurn),
  remove: procedure.input(z.object({ id, requestId })).output(z.object({ removed: z.boolean() })),
};

const providerId = providerView.shape.id;

export const providerProcedures = {
  list: procedure.output(z.array(providerView)),
  /** Adds or changes a server that speaks one of the formats. The key is set with `secrets.set`. */
  save: procedure
    .input(
      z.object({
        id: providerId,
        name: z.string().min(1).max(60),
        format: providerFormat,
        address: z.string().max(500),
        models: z.array(z.string().min(1).max(200)).max(100),
        needsKey: z.boolean(),
        requestId,
      }),
    )
    .output(providerView),
  remove: procedure.input(z.object({ id: providerId, requestId })).output(z.object({ removed: z.boolean() })),
  /** One small request that shows whether address and key are right. It leaves this machine. */
  test: procedure.input(z.object({ id: providerId })).output(providerTest),
};
