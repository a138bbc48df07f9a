import {
  oc,
  type AnySchema,
  type ContractProcedure,
  type InferSchemaInput,
  type InferSchemaOutput,
  type Schema,
} from '@orpc/contract';
import { z } from 'zod';
import { forgeErrorData, type ForgeErrorData } from '../error-data.ts';

/** What a schema takes and gives, without how it parses: a checker that reads the contract's types has nothing to infer again. */
type Shape<S extends AnySchema> = Schema<InferSchemaInput<S>, InferSchemaOutput<S>>;

/** A type alias: an interface has no index signature, and the router's types ask for one. */
export type ForgeErrors = { FORGE: { data: Schema<ForgeErrorData, ForgeErrorData> } };

export type Procedure<Input extends AnySchema, Output extends AnySchema> = ContractProcedure<
  Input,
  Output,
  ForgeErrors,
  Record<never, never>
>;

interface ProcedureWithInput<Input extends AnySchema> {
  output<Output extends AnySchema>(schema: Output): Procedure<Input, Shape<Output>>;
}

interface ProcedureBuilder {
  input<Input extends AnySchema>(schema: Input): ProcedureWithInput<Shape<Input>>;
  output<Output extends AnySchema>(schema: Output): Procedure<Schema<unknown, unknown>, Shape<Output>>;
}

/** Expected errors travel as `FORGE` with the registry's code inside; anything else is a bug with a correlation id. */
export const procedure: ProcedureBuilder = oc.errors({ FORGE: { data: forgeErrorData } });

/** Mutations carry a request id made by the client: repeating it returns the first answer. */
export const requestId = z.string().min(8).max(100);
