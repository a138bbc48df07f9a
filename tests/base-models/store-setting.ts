import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { catalogueFile, type BaseModelSource } from '#contract/base-models.ts';
import { ForgeError } from '#contract/errors.ts';
import { createBaseModelStore } from '#core/base-models/create-base-model-store.ts';
import { createBaseModelFilesystem } from '#native-bridge/base-models/create-base-model-filesystem.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';
import type { UnpackWheel } from '#native-bridge/base-models/wheel-source.ts';
import { createOutbound } from '#native-bridge/network/outbound.ts';
import { ggufFile, smallLlama } from '../fixtures/gguf-file.ts';
import { FakeHub, modelFiles } from './fake-hub.ts';

const root = await mkdtemp(join(tmpdir(), 'forge-bases-'));
after(() => rm(root, { recursive: true, force: true }));
export const code = (expected: string) => (error: unknown) => error instanceof ForgeError && error.code === expected;

export const gguf = ggufFile({ entries: [...smallLlama, ['general.name', 'Tiny']] });
export const ggufDigest = createHash('sha256').update(gguf).digest('hex');
const wheel = {
  kind: 'wheel',
  lock: 'tiny',
  package: 'tiny 1.0',
  member: 'tiny/Tiny.gguf',
  sizeBytes: gguf.length,
  sha256: ggufDigest,
} as const;

function catalogueOf(hub: FakeHub, sources: readonly BaseModelSource[]) {
  const facts = {
    parameters: 100_000,
    family: 'llama',
    layers: 2,
    hiddenSize: 64,
    vocabularySize: 1000,
    contextLength: 2048,
    hasChatTemplate: true,
  };
  const common = {
    licence: { name: 'Apache-2.0', isOpen: true },
    gated: false,
    facts,
    sizeBytes: 200_000,
    template: 'chatml',
    bestUse: 'Tests.',
  };
  const tiny = { id: 'tiny-model', name: 'Tiny', aliases: ['tiny'], ...common, sources };
  const other = {
    id: 'other-model-7b',
    name: 'Other',
    aliases: ['other'],
    ...common,
    sources: [{ kind: 'hub', repository: 'publisher/other', revision: 'main' }],
  };
  assert.equal(hub.repository, 'publisher/tiny-model');
  return catalogueFile.parse({ v: 1, note: '', default: 'tiny-model', models: [tiny, other] });
}

interface Setting {
  readonly sources?: readonly BaseModelSource['kind'][];
  readonly token?: string;
  readonly unpack?: UnpackWheel;
}

/** A store over a real folder, a hub in this process and whatever sources a test wants. */
export async function setting({ sources = ['hub'], token, unpack }: Setting = {}) {
  const home = await mkdtemp(join(root, 'home-'));
  const hub = new FakeHub();
  for (const [name, content] of modelFiles()) hub.files.set(name, content);
  const address = await hub.start();
  after(() => hub.dispose());
  const every: Record<BaseModelSource['kind'], BaseModelSource> = {
    ollama: { kind: 'ollama', names: ['tiny:fp16', 'tiny:latest'] },
    hub: { kind: 'hub', repository: hub.repository, revision: 'main' },
    wheel,
  };
  await mkdir(join(home, 'resources'));
  await writeFile(
    join(home, 'resources', 'catalogue.json'),
    JSON.stringify(
      catalogueOf(
        hub,
        sources.map((kind) => every[kind]),
      ),
    ),
  );
  const ollama = join(home, 'ollama');
  const filesystem = createBaseModelFilesystem({
    ...{
      directory: join(home, 'base-models'),
      appDirectory: home,
      hubAddress: address,
      ollama: [ollama],
      pauseMs: () => 1,
    },
    outbound: createOutbound({ home, isOffline: () => false }),
    secrets: { read: async (name) => (name === 'hf_token' ? (token ?? null) : null) },
    unpackWheel: unpack ?? (async () => assert.fail('no package was to be unpacked')),
  });
  const store = createBaseModelStore({ filesystem, nowMs: () => 1000, device: async () => 'cpu' });
  const fractions: number[] = [];
  const step: FetchStep = {
    signal: new AbortController().signal,
    report: ({ fraction }: { fraction: number | null }) => void (fraction !== null && fractions.push(fraction)),
  };
  const folder = join(home, 'base-models', 'tiny-model', 'source');
  return { home, hub, store, step, fractions, folder, ollama };
}
