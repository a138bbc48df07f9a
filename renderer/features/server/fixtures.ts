import type { ForgeErrorData } from '#contract/error-data.ts';
import type { LogLine } from '#contract/engine-log.ts';
import type { ServedRequest, ServingView } from '#contract/serving-state.ts';
import type { SettingView } from '#contract/settings.ts';
import type { LogData } from './log-store.ts';
import type { ServerData } from './server-store.ts';

/** A little while ago, so that the ages in pictures stay what they are. */
const moment = Date.now() - 100_000;

export const heldModel: ServingView['servers'][number] = {
  path: '/forge/models/support/v3/gguf/model.gguf',
  name: 'support:v3',
  state: 'ready',
  threads: 4,
  running: 0,
  waiting: 0,
  crashes: 0,
  processId: 4242,
  model: {
    path: '/forge/models/support/v3/gguf/model.gguf',
    architecture: 'llama',
    contextTokens: 2048,
    trainedContextTokens: 8192,
    sequences: 4,
    threads: 4,
    sizeBytes: 145_000_000,
    chatTemplate: '',
    bosText: '',
    eosText: '',
    addsBos: false,
    loadMs: 320,
  },
};

export function servingOf(part: Partial<ServingView> = {}): ServingView {
  return {
    state: 'serving',
    running: true,
    url: 'http://127.0.0.1:18793/v1',
    host: '127.0.0.1',
    port: 18_793,
    failure: null,
    models: [{ name: 'smollm2-135m-instruct', path: '/forge/base.gguf', createdAtMs: 0 }],
    families: [
      { name: 'support', current: 3, pinned: false, previous: 2, versions: [1, 2, 3] },
      { name: 'invoices', current: 1, pinned: true, previous: null, versions: [1, 2] },
    ],
    servers: [heldModel],
    answering: 0,
    requests: { total: 1284, perMinute: Array.from({ length: 30 }, (_, minute) => (minute * 7) % 11) },
    keyRequired: false,
    ...part,
  };
}

export const off: Partial<ServingView> = {
  running: false,
  url: null,
  servers: [],
  requests: { total: 0, perMinute: Array.from({ length: 30 }, () => 0) },
};

export const portTaken: ForgeErrorData = {
  code: 'engine.port-taken',
  message: 'Port 18793 on 127.0.0.1 is taken by another program.',
  remedy: 'Stop that program, or choose another port.',
  retryable: true,
  exitCode: 3,
  detail: { host: '127.0.0.1', port: 18_793 },
  correlationId: null,
};

export const notLoopback: ForgeErrorData = {
  ...portTaken,
  code: 'engine.not-loopback',
  message: 'The server may listen on 0.0.0.0 only while requests need a key.',
  remedy: 'Require the key first, or use 127.0.0.1, which only this machine can reach.',
};

export function requestOf(index: number, part: Partial<ServedRequest> = {}): ServedRequest {
  return {
    id: `request-${index}`,
    t: moment - index * 47_000,
    model: index % 3 === 0 ? 'support:v3' : 'support',
    status: 200,
    stream: index % 2 === 0,
    promptTokens: 118 + index,
    completionTokens: 42,
    totalMs: 380 + index * 211,
    failure: null,
    ...part,
  };
}

export const requests: readonly ServedRequest[] = [
  requestOf(0),
  requestOf(1, {
    status: 401,
    promptTokens: 0,
    completionTokens: 0,
    totalMs: 1,
    failure: 'The key is missing or wrong.',
  }),
  ...[2, 3, 4, 5].map((index) => requestOf(index)),
  requestOf(6, { status: 500, failure: 'The model server process ended in the middle of the work.' }),
];

export const startsWithEngine: SettingView = {
  key: 'server.start_with_engine',
  type: 'switch',
  value: false,
  default: false,
  origin: 'default',
  about: '',
  needsRestart: false,
};

export function dataOf(part: Partial<ServerData> = {}): ServerData {
  return {
    requests,
    busy: new Set(),
    failure: null,
    logFile: '/home/mia/.forge/logs/engine.log',
    startsWithEngine,
    ...part,
  };
}

const logLine = (at: number, part: Partial<LogLine> = {}): LogLine => ({
  at,
  t: Date.UTC(2026, 0, 2, 3, 4, 5) + at * 1_377,
  level: 'info',
  module: 'openai',
  message: 'request',
  fields: { id: `chatcmpl-${at}`, model: 'support:v3', status: '200', totalMs: String(200 + ((at * 7) % 90)) },
  ...part,
});

export const logOf = (part: Partial<LogData> = {}): LogData => ({
  lines: [
    logLine(0, { module: 'engine', message: 'engine listens', fields: { url: 'http://127.0.0.1:40125' } }),
    logLine(1, { module: 'jobs', level: 'debug', message: 'job host is up', fields: { pid: '4242' } }),
    logLine(2),
    logLine(3, {
      ...{ module: 'ollama', level: 'warn', message: 'the models in Ollama cannot be listed' },
      fields: { error: 'ForgeError: Ollama does not answer at http://127.0.0.1:11434.' },
    }),
    logLine(4, { ...{ t: null, level: null, module: null, fields: {} }, message: 'TypeError: nothing is nothing' }),
    logLine(5, {
      ...{ level: 'error', message: 'a request failed with a bug' },
      fields: { correlationId: '1bbab00f', error: 'Error: it broke\n    at answer (answers.ts:12:3)' },
    }),
  ],
  minimum: 'debug',
  hasEarlier: false,
  isReadingEarlier: false,
  file: '/home/mia/.forge/logs/engine.log',
  failure: null,
  ...part,
});

export const manyLogLines: readonly LogLine[] = Array.from({ length: 5_000 }, (_, at) => logLine(at));
