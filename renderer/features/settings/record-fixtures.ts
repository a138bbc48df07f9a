import type { ProviderView } from '#contract/providers.ts';
import type { LicenceEntry } from '#contract/settings.ts';
import type { AboutData } from './about-store.ts';
import { noActs } from './acts.ts';
import { moment, status } from './fixtures.ts';
import type { LedgerData, LedgerRow } from './ledger-store.ts';
import type { ProvidersData } from './providers-store.ts';

export const providers: readonly ProviderView[] = [
  {
    id: 'openai',
    name: 'OpenAI',
    format: 'openai',
    address: 'https://api.openai.example/v1',
    isBuiltIn: true,
    hasKey: true,
    needsKey: true,
    models: ['gpt-mini', 'gpt-large'],
    keySource: 'platform.openai.com, API keys',
  },
  {
    id: 'anthropic',
    name: 'Anthropic',
    format: 'anthropic',
    address: 'https://api.anthropic.example',
    isBuiltIn: true,
    hasKey: false,
    needsKey: true,
    models: ['claude-small'],
    keySource: 'console.anthropic.com, API keys',
  },
  {
    id: 'lab',
    name: 'Lab server',
    format: 'openai-compatible',
    address: 'http://127.0.0.1:8000/v1',
    isBuiltIn: false,
    hasKey: false,
    needsKey: false,
    models: [],
    keySource: null,
  },
];

export function providersOf(change: Partial<ProvidersData> = {}): ProvidersData {
  return {
    ...noActs,
    providers,
    secrets: [
      { name: 'provider_openai', purpose: '', hasValue: true, origin: 'store', keptIn: 'file, 0600' },
      { name: 'provider_anthropic', purpose: '', hasValue: false, origin: null, keptIn: null },
      {
        name: 'hf_token',
        purpose: '',
        hasValue: true,
        origin: 'environment',
        keptIn: 'variable FORGE_SECRET_HF_TOKEN of the engine',
      },
    ],
    tests: new Map(),
    hidden: new Set(),
    ...change,
  };
}

export function ledgerRow(index: number, change: Partial<LedgerRow> = {}): LedgerRow {
  return {
    rowKey: String(index),
    t: moment - index * 61_000,
    purpose: index % 3 === 0 ? 'download of a base model' : 'comparison',
    method: index % 3 === 0 ? 'GET' : 'POST',
    url:
      index % 3 === 0
        ? 'https://models.example/resolve/model.safetensors'
        : 'https://api.openai.example/v1/chat/completions',
    status: 200,
    sentBytes: 812,
    receivedBytes: 4_210 * (index + 1),
    milliseconds: 640 + index,
    failure: null,
    ...change,
  };
}

export function ledgerOf(count: number, change: Partial<LedgerData> = {}): LedgerData {
  const rows = Array.from({ length: count }, (_, index) =>
    ledgerRow(index, index === 1 ? { status: null, receivedBytes: null, failure: 'connection refused' } : {}),
  );
  return { ...noActs, rows, total: count, skipped: 0, hasMore: false, ...change };
}

export function licenceOf(name: string, change: Partial<LicenceEntry> = {}): LicenceEntry {
  return {
    name,
    version: '1.2.3',
    licence: 'MIT',
    text: `MIT License\n\nCopyright (c) the authors of ${name}\n\nPermission is hereby granted ...`,
    ...change,
  };
}

export function aboutOf(change: Partial<AboutData> = {}): AboutData {
  const names = ['ai', 'better-sqlite3', 'commander', 'fastify', 'node-llama-cpp', 'react', 'uplot', 'zod', 'zustand'];
  return {
    ...noActs,
    status,
    licences: names.map((name) => licenceOf(name, name === 'ai' ? { licence: 'Apache-2.0', text: '' } : {})),
    ...change,
  };
}
