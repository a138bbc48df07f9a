"""The MLX probe: proves on any machine with MLX that training works at all."""

import pytest

pytest.importorskip("mlx.core", reason="NOT PROVED HERE: the package mlx is not installed, so nothing of MLX was run")

from event_schema import of_type, read_events  # noqa: E402
from run_directory import write_spec  # noqa: E402

from forge_worker.protocol.context import WorkerContext  # noqa: E402
from forge_worker.protocol.errors import WorkerFailure  # noqa: E402
from forge_worker.protocol.spec import load_spec  # noqa: E402
from forge_worker.recipes.probe_mlx import run  # noqa: E402


def test_the_probe_learns(tmp_path):
    context = WorkerContext(load_spec(write_spec(tmp_path, "probe", {"steps": 5}, device="mlx")))
    summary = run(context).summary
    context.close()
    events = read_events(tmp_path)
    losses = [event["values"]["loss"] for event in of_type(events, "metric")]
    assert len(losses) == 5 and (losses[0], losses[-1]) == (summary["lossFirst"], summary["lossLast"])
    assert losses[-1] < losses[0]
    assert of_type(events, "hello")[0]["device"]["kind"] == "mlx"


def test_a_machine_that_does_not_learn_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("forge_worker.recipes.probe_mlx._LEARNING_RATE", 0.0)
    context = WorkerContext(load_spec(write_spec(tmp_path, "probe", {"steps": 2}, device="mlx")))
    with pytest.raises(WorkerFailure, match="did not learn"):
        run(context)
    context.close()
