/** Families whose models Forge can train and carry to GGUF; the table behind them is forge_worker/export/families.py. */
interface SupportedFamily {
  readonly family: string;
  readonly label: string;
  /** `model_type` of config.json and `general.architecture` of GGUF files. */
  readonly names: readonly string[];
}

const supported: readonly SupportedFamily[] = [
  { family: 'llama', label: 'Llama 2 and 3, SmolLM2, TinyLlama', names: ['llama'] },
  { family: 'mistral', label: 'Mistral', names: ['mistral'] },
  { family: 'qwen2', label: 'Qwen2 and Qwen2.5', names: ['qwen2'] },
  { family: 'qwen3', label: 'Qwen3', names: ['qwen3'] },
  { family: 'gemma2', label: 'Gemma 2', names: ['gemma2'] },
  { family: 'gemma3', label: 'Gemma 3 (text)', names: ['gemma3', 'gemma3_text'] },
  { family: 'phi3', label: 'Phi-3', names: ['phi3'] },
];

/** The family behind a name from a file, or null when it is not supported. */
export function findFamily(name: string): string | null {
  return supported.find(({ names }) => names.includes(name.toLowerCase()))?.family ?? null;
}

export function supportedFamilies(): readonly { readonly family: string; readonly label: string }[] {
  return supported.map(({ family, label }) => ({ family, label }));
}
