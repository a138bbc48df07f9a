"""The four kinds as the engine starts them: spec in, events and result out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_parity import write_material
from tiny_models import add_adapter

from forge_worker.__main__ import run_recipe
from forge_worker.protocol.files import sha256_of_file

pytestmark = pytest.mark.cpu


def start(folder: Path, kind: str, payload: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    """Runs one attempt in a process of its own, as the launcher does; returns exit code and events."""
    folder.mkdir(parents=True, exist_ok=True)
    spec = {
        "v": 1, "run": f"{folder.name}/1", "job": folder.name, "attempt": 1, "kind": kind, "directory": str(folder),
        "device": "cpu", "threads": 1, "passiveWait": False, "seed": 1, "resumeFrom": None, "payload": payload,
    }  # fmt: skip
    (folder / "spec.json").write_text(json.dumps(spec))
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "forge_worker", str(folder)]
    code = subprocess.run(command, env=environment, capture_output=True, timeout=120).returncode
    return code, [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


def summary_of(folder: Path) -> dict[str, Any]:
    result = json.loads((folder / "result.json").read_text())
    for artefact in result["artefacts"]:
        path = folder / artefact["path"]
        assert (path.stat().st_size, sha256_of_file(path)) == (artefact["bytes"], artefact["sha256"])
    return result["summary"]


@pytest.mark.slow
def test_the_chain_from_gguf_to_parity_runs_as_jobs(
    tiny_model: Callable[[str], Path], library_path: Path, tmp_path: Path
) -> None:
    original = tiny_model("smollm2")
    out = tmp_path / "models"
    code, _ = start(
        tmp_path / "j1",
        "export",
        {
            "base": str(original),
            "adapter": None,
            "outDir": str(out),
            "name": "base",
            "formats": ["gguf-bf16"],
            "preTokenizer": None,
        },
    )
    assert code == 0
    base = tmp_path / "base"
    source = {"kind": "gguf", "path": str(out / "base.bf16.gguf")}
    code, events = start(tmp_path / "j2", "prepare-base", {"source": source, "outDir": str(base), "id": "tiny"})
    assert code == 0
    prepared = summary_of(tmp_path / "j2")
    assert (prepared["family"], prepared["hasChatTemplate"], prepared["preTokenizer"]) == ("llama", True, "smollm")

    adapter = add_adapter(base, tmp_path / "adapter")
    code, _ = start(tmp_path / "j3", "export", {
        "base": str(base), "adapter": str(adapter), "outDir": str(out), "name": "tuned",
        "formats": ["merged", "gguf-f16", "gguf-adapter"], "preTokenizer": prepared["preTokenizer"],
    })  # fmt: skip
    assert code == 0
    files = summary_of(tmp_path / "j3")["files"]
    assert set(files) == {"merged", "gguf-f16", "gguf-adapter"}

    code, _ = start(
        tmp_path / "j4",
        "quantise",
        {"gguf": files["gguf-f16"], "outDir": str(out), "types": ["Q8_0"], "llamaLibrary": str(library_path)},
    )
    assert code == 0
    quantised = summary_of(tmp_path / "j4")["files"]["Q8_0"]
    assert quantised["sha256"] == sha256_of_file(Path(quantised["path"]))

    rows, texts = write_material(tmp_path)
    code, events = start(tmp_path / "j5", "parity", {
        "reference": files["merged"], "rows": str(rows), "limitRows": 4, "texts": str(texts), "greedyPrompts": 2,
        "greedyTokens": 6, "llamaLibrary": str(library_path), "lossTolerance": 0.01,
        "candidates": [{"type": "F16", "path": files["gguf-f16"]}, {"type": "Q8_0", "path": quantised["path"]}],
    })  # fmt: skip
    assert code == 0
    unquantised, small = summary_of(tmp_path / "j5")["candidates"]
    assert unquantised["maxLogProbabilityDifference"] < 0.05 and unquantised["greedy"] == {"equal": 2, "of": 2}
    assert abs(small["lossChange"]) < 0.1
    phases = {event["name"] for event in events if event["type"] == "phase"}
    assert {"reference", "comparing"} <= phases
    assert events[-1]["type"] == "done"


def test_a_failure_is_one_event_with_a_sentence_and_a_hint(tiny_model: Callable[[str], Path], tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    (base / "config.json").write_text(json.dumps({"architectures": ["BertForMaskedLM"]}))
    code, events = start(
        tmp_path / "job",
        "export",
        {
            "base": str(base),
            "adapter": None,
            "outDir": str(tmp_path / "out"),
            "name": "x",
            "formats": ["gguf-f16"],
            "preTokenizer": None,
        },
    )
    assert code == 4
    assert events[-1]["type"] == "failed" and events[-1]["code"] == "family-unsupported"
    assert "SmolLM2" in events[-1]["message"] and events[-1]["hint"]
    assert not (tmp_path / "out").exists()


def test_a_stop_asked_for_before_the_writing_leaves_with_code_3_and_no_file(
    tiny_model: Callable[[str], Path], tmp_path: Path
) -> None:
    control = tmp_path / "job" / "control"
    control.mkdir(parents=True)
    (control / "0001-stop.json").write_text(json.dumps({"keep": "none"}))
    code, events = start(tmp_path / "job", "export", {
        "base": str(tiny_model("qwen2")), "adapter": None, "outDir": str(tmp_path / "out"), "name": "x",
        "formats": ["merged", "gguf-f16"], "preTokenizer": None,
    })  # fmt: skip
    assert code == 3
    assert all(event["type"] != "done" for event in events)
    assert list((tmp_path / "out").iterdir()) == []


def test_the_recipes_are_found_under_their_kinds() -> None:
    import importlib

    from forge_worker.__main__ import RECIPES

    for kind in ("prepare-base", "export", "quantise", "parity"):
        module, function = RECIPES[kind].split(":")
        assert callable(getattr(importlib.import_module(module), function))
    assert callable(run_recipe)
