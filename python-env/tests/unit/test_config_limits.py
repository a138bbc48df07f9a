"""A config.json nobody has vouched for is judged before anything is allocated by what it says."""

import json
import math
import tracemalloc

import pytest

from forge_worker.export.config_limits import LIMITS, refuse_absurd_config
from forge_worker.protocol.errors import WorkerFailure

SOUND = {
    "model_type": "llama",
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 100,
    "max_position_embeddings": 128,
    "rms_norm_eps": 1e-5,
    "sliding_window": None,
    "rope_parameters": {"rope_theta": 10_000.0, "rope_type": "default"},
}


def test_sound_ones_pass_also_the_largest_published():
    refuse_absurd_config(SOUND)
    llama_405b = {"hidden_size": 16_384, "intermediate_size": 53_248, "num_hidden_layers": 126, "vocab_size": 128_256}
    refuse_absurd_config({**SOUND, **llama_405b, "num_attention_heads": 128, "num_key_value_heads": 8})
    refuse_absurd_config({"model_type": "gpt2", "n_embd": 768})


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"vocab_size": 10**12}, "vocab_size is 1000000000000"),
        ({"vocab_size": 10**4000}, "vocab_size is 1000"),
        ({"hidden_size": 10**9}, "hidden_size is 1000000000"),
        ({"hidden_size": 64.0}, "hidden_size is 64.0"),
        ({"hidden_size": "64"}, "hidden_size is '64'"),
        ({"num_hidden_layers": 10**6}, "num_hidden_layers is 1000000"),
        ({"num_hidden_layers": True}, "num_hidden_layers is True"),
        ({"num_attention_heads": -4}, "num_attention_heads is -4"),
        ({"num_attention_heads": 0}, "num_attention_heads is 0"),
        ({"num_key_value_heads": 3}, "4 heads cannot share 3 key heads"),
        ({"num_attention_heads": 6, "num_key_value_heads": 6}, "6 heads do not divide a width of 64"),
        ({"hidden_size": math.nan}, "hidden_size is nan"),
        ({"rms_norm_eps": math.inf}, "rms_norm_eps is inf"),
        ({"rope_parameters": {"rope_theta": math.nan}}, "rope_theta is nan"),
        ({"text_config": {"vocab_size": -1}}, "vocab_size is -1"),
        (
            {"hidden_size": LIMITS["hidden_size"], "num_hidden_layers": 1024, "intermediate_size": 1 << 20},
            "its sizes together",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_absurd_value_is_named_and_nothing_is_allocated(change, named):
    tracemalloc.start()
    try:
        with pytest.raises(WorkerFailure) as refused:
            refuse_absurd_config({**SOUND, **change})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused.value.code == "config-absurd" and named in refused.value.message
    assert len(refused.value.message) < 200 and peak < 1 << 20


def test_nesting_without_end_is_refused():
    deep = json.loads("[" * 500 + "]" * 500)
    with pytest.raises(WorkerFailure, match="nested too deeply"):
        refuse_absurd_config({**SOUND, "rope_parameters": deep})
