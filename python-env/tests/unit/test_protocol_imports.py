import subprocess
import sys
from pathlib import Path

PYTHON_ENV = Path(__file__).resolve().parents[2]
BLOCKED = ("torch", "mlx", "transformers", "numpy", "safetensors", "tokenizers", "peft", "gguf", "jinja2")


def test_protocol_launcher_and_dispatch_import_without_any_framework():
    script = f"""
import sys
for name in {BLOCKED!r}:
    sys.modules[name] = None
import forge_worker.protocol, forge_worker.launcher, forge_worker.__main__
import forge_worker.protocol.checkpoints, forge_worker.protocol.console
import forge_worker.training.settings, forge_worker.training.rows, forge_worker.training.batch_plan
import forge_worker.training.collate, forge_worker.training.guards, forge_worker.training.encoding
import forge_worker.training.chat_template, forge_worker.training.schedule, forge_worker.training.batch_loader
import forge_worker.training.training_run, forge_worker.training.low_rank, forge_worker.training.peft_layout
"""
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=PYTHON_ENV)
    assert answer.returncode == 0, answer.stderr


def test_protocol_uses_the_standard_library_only():
    script = """
import sys
import forge_worker.protocol, forge_worker.protocol.checkpoints, forge_worker.protocol.console, forge_worker.launcher
outside = {name.split(".")[0] for name in sys.modules} - sys.stdlib_module_names - {"forge_worker", "__main__"}
print(sorted(name for name in outside if not name.startswith("_")))
"""
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import sys; sys.path.insert(0, '.')\n" + script],
        capture_output=True,
        text=True,
        cwd=PYTHON_ENV,
    )
    assert answer.stdout.strip() == "[]", answer.stdout + answer.stderr
