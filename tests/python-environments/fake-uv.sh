#!/bin/sh
# Stands in for uv: `venv` links a real interpreter, `pip sync` takes its time and then leaves a file. UV_FAKE_MODE makes it fail.
set -eu
case "$1" in
  --version) echo "uv 0.13.8 (fake)"; exit 0 ;;
  venv)
    for last in "$@"; do :; done
    while [ "$1" != "--python" ]; do shift; done
    mkdir -p "$last/bin" "$last/lib/python3.11/site-packages"
    ln -sf "$2" "$last/bin/python"
    exit 0 ;;
  pip)
    if [ "$2" = "install" ]; then echo "error: dns error" >&2; exit 2; fi
    while [ "$1" != "--python" ]; do shift; done
    site="$(dirname "$2")/../lib/python3.11/site-packages"
    echo "Downloading torch (2.0MiB)" >&2
    case "${UV_FAKE_MODE:-}" in
      network) echo "error: Failed to fetch: https://index.example/torch" >&2; echo "  cause: connection reset by peer" >&2; exit 2 ;;
      disk) echo "error: No space left on device (os error 28)" >&2; exit 2 ;;
      hash) echo "error: Failed to download torch" >&2; echo "  cause: Hash mismatch for torch" >&2; exit 1 ;;
      denied) echo "error: failed to create file: Permission denied (os error 13)" >&2; exit 2 ;;
      panic) echo "thread main panicked" >&2; exit 101 ;;
      slow) echo half > "$site/half.txt"; echo $$ > "$UV_FAKE_PID_FILE"; sleep 20; echo late > "$site/late.txt" ;;
      *) sleep 0.1 ;;
    esac
    echo " Downloaded torch" >&2
    echo whole > "$site/whole.txt"
    echo "Installed 2 packages in 1ms" >&2
    exit 0 ;;
esac
exit 64
