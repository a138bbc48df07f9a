import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { repositoryRoot } from './repository-files.ts';

interface Imports {
  readonly imports: readonly string[];
  readonly lazy: readonly string[];
}

interface Report {
  readonly standard: readonly string[];
  readonly files: Readonly<Record<string, Imports>>;
}

const frameworks = {
  torch: ['torch', 'transformers', 'peft', 'bitsandbytes', 'accelerate', 'safetensors.torch'],
  mlx: ['mlx', 'mlx_lm', 'safetensors.mlx'],
};

/** Everything that breaks the layers of the Python side, as sentences; `file` is from `forge_worker/`. */
function violations({ standard, files }: Report): string[] {
  const isStandard = (name: string) => standard.includes(name.split('.', 1)[0] ?? '');
  return Object.entries(files).flatMap(([file, { imports, lazy }]) => {
    const all = [...imports, ...lazy];
    const uses = (names: readonly string[]) =>
      all.filter((name) => names.some((known) => name === known || name.startsWith(`${known}.`)));
    const own = (folder: string) => uses([`forge_worker.${folder}`]);
    const say = (names: readonly string[], rule: string) => names.map((name) => `${file} imports ${name}: ${rule}`);
    const mayTorch = /^backends\/torch\/|^export\/|^recipes\/(?!.*mlx)/.test(file);
    const mayMlx = /^backends\/mlx\/|^recipes\/.*mlx/.test(file);
    return [
      ...(file.startsWith('protocol/')
        ? say(
            all.filter((name) => !isStandard(name) && !name.startsWith('forge_worker.protocol')),
            'the protocol is standard library only',
          )
        : []),
      ...(['__main__.py', '__init__.py', 'launcher.py'].includes(file)
        ? say(
            imports.filter((name) => !isStandard(name) && !name.startsWith('forge_worker.')),
            'the launcher starts before any package is there',
          )
        : []),
      ...(mayTorch ? [] : say(uses(frameworks.torch), 'torch stays in its backend, its recipes and the export')),
      ...(mayMlx ? [] : say(uses(frameworks.mlx), 'mlx stays in its backend and its recipes')),
      ...(file.startsWith('training/')
        ? say([...own('backends'), ...own('recipes'), ...own('export')], 'training decides without a framework')
        : []),
      ...(file.startsWith('export/') ? say([...own('recipes')], 'the export knows no recipe') : []),
      ...(file.startsWith('backends/torch/') ? say(own('backends.mlx'), 'backends do not meet') : []),
      ...(file.startsWith('backends/mlx/') ? say(own('backends.torch'), 'backends do not meet') : []),
    ];
  });
}

test('the Python side keeps its layers', (context) => {
  const report = readImports(context, path.join(repositoryRoot, 'python-env', 'forge_worker'));
  if (report === null) return;
  const files = Object.keys(report.files);
  assert.ok(files.length > 40 && files.includes('protocol/events.py'), `${files.length} Python files were seen`);
  assert.deepEqual(violations(report), []);
});

test('planted violations of the Python layers are named, lazy imports too', async (context) => {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'forge-planted-python-')), 'forge_worker');
  const planted = {
    'protocol/events.py': 'import json\nimport numpy\nfrom .errors import WorkerFailure\n',
    'protocol/console.py': 'def start():\n    from ..backends.torch import runtime\n    return runtime\n',
    'launcher.py': 'import os\nimport psutil\n',
    'training/rows.py': 'import torch\n',
    'training/schedule.py': 'def now():\n    from forge_worker.recipes import train_torch\n',
    'backends/torch/decoder.py': 'import torch\nimport mlx.core\n',
    'backends/mlx/decoder.py': 'import mlx.core\nfrom transformers import AutoTokenizer\n',
    'recipes/train_mlx.py': 'import mlx.nn\nimport torch\n',
  };
  for (const [file, text] of Object.entries(planted)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  const report = readImports(context, folder);
  await rm(path.dirname(folder), { recursive: true });
  if (report === null) return;
  assert.deepEqual(
    violations(report)
      .map((sentence) => sentence.split(':', 1)[0])
      .sort(),
    [
      'backends/mlx/decoder.py imports transformers',
      'backends/torch/decoder.py imports mlx.core',
      'launcher.py imports psutil',
      'protocol/console.py imports forge_worker.backends.torch',
      'protocol/events.py imports numpy',
      'recipes/train_mlx.py imports torch',
      'training/rows.py imports torch',
      'training/schedule.py imports forge_worker.recipes',
    ],
  );
});

function readImports(context: TestContext, folder: string): Report | null {
  const script = path.join(repositoryRoot, 'tests', 'architecture', 'read-python-imports.py');
  for (const python of [process.env['PYTHON'], 'python3', 'python'].filter((name) => name !== undefined)) {
    const { error, status, stdout, stderr } = spawnSync(python, [script, folder], {
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
    });
    if (error !== undefined) continue;
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as Report;
  }
  context.skip('NOT CHECKED: there is no Python on this machine, so the layers of python-env were not read');
  return null;
}
