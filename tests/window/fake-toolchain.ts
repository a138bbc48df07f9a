import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** How a set-up of Python goes from now on. */
export type ToolchainMode =
  /** Everything works, in well under a second. */
  | 'ok'
  /** The download hangs until the mode changes or it is stopped. */
  | 'slow'
  /** The package index cannot be reached. */
  | 'no-network'
  | 'disk-full'
  /** What was installed does not start. */
  | 'broken'
  /** No uv, and a Python that cannot make the folder to install one. */
  | 'no-uv';

export interface FakeToolchain {
  /** For the engine's environment: the stand-ins before everything else. */
  readonly searchPath: string;
  mode(mode: ToolchainMode): void;
}

const modeOf = 'mode=$(cat "$(dirname "$0")/mode")';

const uv = `#!/bin/sh
${modeOf}
[ "$mode" = no-uv ] && exit 1
if [ "$1" = --version ]; then echo "uv 0.13.8"; exit 0; fi
for last in "$@"; do :; done
if [ "$1" = venv ]; then
  mkdir -p "$last/bin" "$last/lib/python3.12/site-packages"
  printf '#!/bin/sh\\nexec "%s" "$@"\\n' "$(dirname "$0")/python3" > "$last/bin/python"
  chmod 755 "$last/bin/python"
  exit 0
fi
case "$*" in *--offline*) echo "error: Packages are not in the cache, and network was disabled" >&2; exit 2 ;; esac
[ "$2" = sync ] || exit 2
echo "Downloading torch (195.0MiB)"
while [ "$(cat "$(dirname "$0")/mode")" = slow ]; do sleep 0.1; done
case "$mode" in
  no-network) echo "error: Failed to fetch: https://packages.invalid/simple/torch/" >&2; echo "  cause: dns error" >&2; exit 2 ;;
  disk-full) echo "error: failed to write torch: No space left on device (os error 28)" >&2; exit 2 ;;
esac
echo " Downloaded torch"
echo "Prepared 1 package in 1ms"
echo "Installed 1 package in 1ms"
`;

const facts = { version: '3.12.4', implementation: 'cpython', bits: 64, hasLock: true, final: true };
const result = {
  ...{ v: 1, run: 'probe/1', outcome: 'done', reason: 'done', artefacts: [] },
  summary: { lossFirst: 2, lossLast: 1, secondsPerStep: 0.01 },
};

const python = `#!/bin/sh
${modeOf}
for last in "$@"; do :; done
case "$*" in
  *base_executable*) sed "s|HERE|$0|" "$(dirname "$0")/facts.json" ;;
  *"-m venv"*) echo "The virtual environment was not created successfully because ensurepip is not available." >&2; exit 1 ;;
  *import_probe.py*) [ "$mode" = broken ] && { echo "ImportError: libtorch.so: file too short" >&2; exit 1; }; echo '{"torch":"2.9.1"}' ;;
  *tensor_probe.py*) echo '{"kind":"cpu","name":"a processor","bfloat16":true}' ;;
  *forge_worker*) cp "$(dirname "$0")/result.json" "$last/result.json" ;;
esac
`;

/** A uv and a Python that do nothing but say what the real ones would. Linux and macOS only: they are shell scripts. */
export function writeFakeToolchain(folder: string): FakeToolchain {
  mkdirSync(folder, { recursive: true });
  const put = (name: string, text: string): void => {
    writeFileSync(path.join(folder, name), text);
    chmodSync(path.join(folder, name), 0o755);
  };
  const mode = (wanted: ToolchainMode): void => put('mode', wanted);
  put('uv', uv);
  put('python3', python);
  put('facts.json', JSON.stringify({ path: 'HERE', ...facts }));
  put('result.json', JSON.stringify(result));
  mode('ok');
  return { searchPath: `${folder}${path.delimiter}${process.env['PATH'] ?? ''}`, mode };
}
