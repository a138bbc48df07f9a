"""The C structures of llama.cpp's interface that cross by value, and how their layout is proved before use.

Source: include/llama.h and the `*_default_params` functions of github.com/ggml-org/llama.cpp, tag v0.4.0, the release
the npm package node-llama-cpp 3.21 ships. Every structure ends in spare bytes: a newer library that appends fields then
writes into the spare room instead of past the end. A library that moved a field is found by `layout_problem`.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, c_bool, c_float, c_int8, c_int32, c_size_t, c_uint32, c_void_p
from typing import Any

LAYOUT_VERSION = "v0.4.0"
SPARE_BYTES = 512
GGML_TYPE_F16 = 1
DEFAULT_THREADS = 4
Spare = ctypes.c_uint8 * SPARE_BYTES


class ModelParameters(Structure):
    _fields_ = [
        ("devices", c_void_p),
        ("tensor_buft_overrides", c_void_p),
        ("n_gpu_layers", c_int32),
        ("split_mode", c_int32),
        ("load_mode", c_int32),
        ("lazy_mode", c_int32),
        ("main_gpu", c_int32),
        ("tensor_split", c_void_p),
        ("progress_callback", c_void_p),
        ("progress_callback_user_data", c_void_p),
        ("kv_overrides", c_void_p),
        ("vocab_only", c_bool),
        ("check_tensors", c_bool),
        ("use_extra_bufts", c_bool),
        ("no_host", c_bool),
        ("no_alloc", c_bool),
        ("load_mtp", c_bool),
        ("spare", Spare),
    ]


class ContextParameters(Structure):
    _fields_ = [
        ("n_ctx", c_uint32),
        ("n_batch", c_uint32),
        ("n_ubatch", c_uint32),
        ("n_seq_max", c_uint32),
        ("n_rs_seq", c_uint32),
        ("n_outputs_max", c_uint32),
        ("n_outputs_max_per_seq", c_uint32),
        ("n_threads", c_int32),
        ("n_threads_batch", c_int32),
        ("ctx_type", c_int32),
        ("rope_scaling_type", c_int32),
        ("pooling_type", c_int32),
        ("attention_type", c_int32),
        ("flash_attn_type", c_int32),
        ("rope_freq_base", c_float),
        ("rope_freq_scale", c_float),
        ("yarn_ext_factor", c_float),
        ("yarn_attn_factor", c_float),
        ("yarn_beta_fast", c_float),
        ("yarn_beta_slow", c_float),
        ("yarn_orig_ctx", c_uint32),
        ("defrag_thold", c_float),
        ("cb_eval", c_void_p),
        ("cb_eval_user_data", c_void_p),
        ("type_k", c_int32),
        ("type_v", c_int32),
        ("abort_callback", c_void_p),
        ("abort_callback_data", c_void_p),
        ("embeddings", c_bool),
        ("offload_kqv", c_bool),
        ("no_perf", c_bool),
        ("op_offload", c_bool),
        ("swa_full", c_bool),
        ("kv_unified", c_bool),
        ("samplers", c_void_p),
        ("n_samplers", c_size_t),
        ("ctx_other", c_void_p),
        ("spare", Spare),
    ]


class QuantiseParameters(Structure):
    _fields_ = [
        ("nthread", c_int32),
        ("ftype", c_int32),
        ("output_tensor_type", c_int32),
        ("token_embedding_type", c_int32),
        ("allow_requantize", c_bool),
        ("quantize_output_tensor", c_bool),
        ("only_copy", c_bool),
        ("pure", c_bool),
        ("keep_split", c_bool),
        ("dry_run", c_bool),
        ("imatrix", c_void_p),
        ("kv_overrides", c_void_p),
        ("tt_overrides", c_void_p),
        ("prune_layers", c_void_p),
        ("max_buf_size", c_size_t),
        ("spare", Spare),
    ]


class Batch(Structure):
    """No spare bytes: this one is only passed in, and its 7 fields have been the same since 2024."""

    _fields_ = [
        ("n_tokens", c_int32),
        ("token", POINTER(c_int32)),
        ("embd", c_void_p),
        ("pos", POINTER(c_int32)),
        ("n_seq_id", POINTER(c_int32)),
        ("seq_id", POINTER(POINTER(c_int32))),
        ("logits", POINTER(c_int8)),
    ]


MODEL_DEFAULTS: dict[str, Any] = {
    "devices": None, "tensor_buft_overrides": None, "n_gpu_layers": -1, "split_mode": 1, "load_mode": -1,
    "lazy_mode": 1, "main_gpu": 0, "tensor_split": None, "progress_callback": None, "kv_overrides": None,
    "vocab_only": False, "check_tensors": False, "use_extra_bufts": True, "no_host": False, "no_alloc": False,
}  # fmt: skip
CONTEXT_DEFAULTS: dict[str, Any] = {
    "n_ctx": 512, "n_batch": 2048, "n_ubatch": 512, "n_seq_max": 1, "n_threads": DEFAULT_THREADS,
    "n_threads_batch": DEFAULT_THREADS, "rope_scaling_type": -1, "pooling_type": -1, "attention_type": -1,
    "flash_attn_type": -1, "rope_freq_base": 0.0, "yarn_ext_factor": -1.0, "yarn_beta_slow": -1.0, "yarn_orig_ctx": 0,
    "defrag_thold": -1.0, "cb_eval": None, "type_k": GGML_TYPE_F16, "type_v": GGML_TYPE_F16, "abort_callback": None,
    "embeddings": False, "offload_kqv": True, "no_perf": True, "op_offload": True, "swa_full": True,
    "kv_unified": False, "samplers": None, "n_samplers": 0, "ctx_other": None,
}  # fmt: skip
QUANTISE_DEFAULTS: dict[str, Any] = {
    "nthread": 0, "ftype": 7, "allow_requantize": False, "quantize_output_tensor": True, "only_copy": False,
    "pure": False, "keep_split": False, "dry_run": False, "imatrix": None, "kv_overrides": None,
    "tt_overrides": None, "prune_layers": None,
}  # fmt: skip


def layout_problem(parameters: Structure, defaults: dict[str, Any]) -> str | None:
    """The first field of a library-made default that is not the known default, as "name is x, expected y"; else None.

    Fields stand close together, so a field inserted or removed before any of these shows as a wrong value.
    """
    for name, expected in defaults.items():
        value = getattr(parameters, name)
        if value != expected:
            return f"{type(parameters).__name__}.{name} is {value}, expected {expected}"
    if isinstance(parameters, QuantiseParameters):
        if parameters.output_tensor_type != parameters.token_embedding_type or parameters.output_tensor_type < 30:
            return "QuantiseParameters.output_tensor_type is not the number of tensor types"
        if parameters.max_buf_size < 1 << 20:
            return f"QuantiseParameters.max_buf_size is {parameters.max_buf_size}"
    return None
