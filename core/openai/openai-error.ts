import { ForgeError } from '#contract/errors.ts';

/** The one shape of every failure on this surface. */
export interface OpenAiErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

export type OpenAiStatus = 400 | 401 | 403 | 404 | 405 | 413 | 415 | 429 | 499 | 500 | 503 | 507;

/** A failure that already knows how it looks to an OpenAI client. */
export class OpenAiFailure extends Error {
  readonly status: OpenAiStatus;
  readonly body: OpenAiErrorBody;
  /** Seconds for the Retry-After header, if any. */
  readonly retryAfterSeconds: number | null;

  constructor(
    status: OpenAiStatus,
    given: {
      readonly message: string;
      readonly param?: string;
      readonly code?: string;
      readonly retryAfterSeconds?: number;
    },
  ) {
    super(given.message);
    this.name = 'OpenAiFailure';
    this.status = status;
    this.retryAfterSeconds = given.retryAfterSeconds ?? null;
    const { message, param = null, code = null } = given;
    this.body = { error: { message, type: typeOf(status), param: param === '' ? null : param, code } };
  }
}

function typeOf(status: OpenAiStatus): string {
  if (status === 401 || status === 403) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

const statusOfCode: Readonly<Record<string, readonly [OpenAiStatus, code: string]>> = {
  'serving.busy': [429, 'server_busy'],
  'serving.unknown-model': [404, 'model_not_found'],
  'serving.prompt-too-long': [400, 'context_length_exceeded'],
  'serving.template-refused': [400, 'invalid_messages'],
  'serving.cancelled': [499, 'cancelled'],
  'serving.crashed': [503, 'server_restarting'],
  'serving.keeps-crashing': [503, 'server_restarting'],
  'serving.not-enough-memory': [507, 'not_enough_memory'],
};

/** Any failure as an OpenAI error. What is not an expected error says nothing about the inside, only the id to look for in the log. */
export function toOpenAiFailure(failure: unknown, correlationId: string): OpenAiFailure {
  if (failure instanceof OpenAiFailure) return failure;
  if (!(failure instanceof ForgeError)) {
    return new OpenAiFailure(500, {
      message: `Something went wrong inside Forge (${correlationId}).`,
      code: 'internal_error',
    });
  }
  const [status, code] = statusOfCode[failure.code] ?? [500, failure.code];
  const wait = failure.detail['retryAfterSeconds'] ?? failure.detail['waitSeconds'];
  return new OpenAiFailure(status, {
    message: `${failure.message} ${failure.remedy}`,
    code,
    ...(status === 404 ? { param: 'model' } : {}),
    ...(typeof wait === 'number' ? { retryAfterSeconds: wait } : {}),
  });
}
