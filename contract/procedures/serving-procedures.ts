import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { chatMessage, chatUsage, finishReason } from '../serving.ts';
import { servedRequest, servingView } from '../serving-state.ts';
import { procedure, requestId } from './procedure.ts';

const servedName = z.string().max(200);

export const servingProcedures = {
  status: procedure.output(servingView),
  /** The state and every change of it, at most ten a second. Tray, window and command line all follow this. */
  watch: procedure.output(eventIterator(servingView)),
  /** Starts the OpenAI-compatible server; already running on that address: nothing changes. */
  start: procedure
    .input(
      z.object({
        port: z.number().int().min(0).max(65_535).nullable().default(null),
        host: z.string().max(255).nullable().default(null),
        requestId,
      }),
    )
    .output(servingView),
  stop: procedure.input(z.object({ requestId })).output(servingView),
  restart: procedure.input(z.object({ requestId })).output(servingView),
  /** Brings a model into memory now instead of at its first request. */
  load: procedure.input(z.object({ model: servedName, requestId })).output(servingView),
  /** Takes it out of memory; running answers end first. */
  unload: procedure.input(z.object({ model: servedName, requestId })).output(servingView),
  /**
   * Which version clients get under the bare name and `name:latest`: one click to switch, one back.
   * `version` null follows the newest again.
   */
  choose: procedure
    .input(z.object({ name: z.string().max(60), version: z.number().int().positive().nullable(), requestId }))
    .output(servingView),
  /** The last requests, newest first: never a prompt, never an answer. */
  requests: procedure
    .input(z.object({ limit: z.number().int().min(1).max(200).default(50) }))
    .output(z.array(servedRequest)),
  /** The key clients may send; made at the first call. Asked for only by the person's click on "Copy key". */
  key: procedure.output(z.object({ key: z.string(), required: z.boolean() })),
  /** `required`: requests without the key are refused from now on. `renew`: the old key is worth nothing any more. */
  setKey: procedure
    .input(z.object({ required: z.boolean(), renew: z.boolean().default(false), requestId }))
    .output(servingView),
  /** One conversation with a served model, streamed. */
  chat: procedure
    .input(
      z.object({
        model: servedName,
        messages: z.array(chatMessage).min(1).max(2000),
        temperature: z.number().min(0).max(2).default(0),
        maximumTokens: z.number().int().min(1).max(131_072).default(512),
      }),
    )
    .output(
      eventIterator(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('delta'), text: z.string() }),
          z.object({
            kind: z.literal('done'),
            finishReason,
            usage: chatUsage,
            firstTokenMs: z.number(),
            totalMs: z.number(),
          }),
        ]),
      ),
    ),
};
