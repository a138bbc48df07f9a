import type { Llama } from 'node-llama-cpp';
import type { RowSource } from '#core/ports/row-tokeniser.ts';
import { compileChatTemplate } from './chat-template.ts';
import type { RowEncoding } from './encode-row.ts';
import { firstLine, templateOf } from './loaded-llama.ts';
import { ModelFailure } from './model-protocol.ts';
import { asTokens } from './prompt-state.ts';

/** What a source says about writing rows. `start` is called for a model file only: a template alone needs no llama.cpp. */
export async function openRowEncoding(source: RowSource, start: () => Promise<Llama>): Promise<RowEncoding> {
  if (source.kind === 'gguf') return loadVocabulary(await start(), source.path);
  return { template: compileChatTemplate({ ...source, source: source.template }), vocabulary: null };
}

/** Template and tokenizer of a model file: no weights, no context. */
async function loadVocabulary(llama: Llama, path: string): Promise<RowEncoding> {
  const model = await llama.loadModel({ modelPath: path, vocabOnly: true, gpuLayers: 0 }).catch((cause: unknown) => {
    throw new ModelFailure('serving.load-failed', { path, reason: firstLine(cause) });
  });
  return {
    template: templateOf(model, path),
    vocabulary: {
      tokenise: (text) => model.tokenize(text, true),
      detokenise: (tokens, before) => model.detokenize(asTokens(tokens), true, asTokens(before)),
      isControl: (token) => asTokens([token]).every((one) => model.getTokenAttributes(one).control),
      endToken: model.tokens.eos,
    },
  };
}
