"""llama.cpp's own library through ctypes: the code that will serve the file measures and quantises it.

The library is the libllama the engine names (the one inside node-llama-cpp); the processor-specific backends lie beside
it and are loaded from there.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from ctypes import POINTER, c_bool, c_char_p, c_float, c_int8, c_int32, c_size_t, c_uint32, c_void_p
from pathlib import Path
from types import TracebackType

import numpy as np

from forge_worker.export import llama_structs as structs
from forge_worker.protocol.errors import WorkerFailure

LOG_CALLBACK = ctypes.CFUNCTYPE(None, c_int32, c_char_p, c_void_p)
WARNING_LEVEL, ERROR_LEVEL, CONTINUED_LEVEL = 3, 4, 5
KEPT_LOG_LINES = 20
CLEARS_DATA_TOO = True

_SIGNATURES: dict[str, tuple[object, list[object]]] = {
    "llama_version": (c_char_p, []),
    "llama_backend_init": (None, []),
    "llama_log_set": (None, [LOG_CALLBACK, c_void_p]),
    "llama_model_default_params": (structs.ModelParameters, []),
    "llama_context_default_params": (structs.ContextParameters, []),
    "llama_model_quantize_default_params": (structs.QuantiseParameters, []),
    "llama_model_quantize": (c_uint32, [c_char_p, c_char_p, POINTER(structs.QuantiseParameters)]),
    "llama_model_load_from_file": (c_void_p, [c_char_p, structs.ModelParameters]),
    "llama_model_free": (None, [c_void_p]),
    "llama_model_get_vocab": (c_void_p, [c_void_p]),
    "llama_model_n_ctx_train": (c_int32, [c_void_p]),
    "llama_vocab_n_tokens": (c_int32, [c_void_p]),
    "llama_vocab_is_eog": (c_bool, [c_void_p, c_int32]),
    "llama_init_from_model": (c_void_p, [c_void_p, structs.ContextParameters]),
    "llama_free": (None, [c_void_p]),
    "llama_get_memory": (c_void_p, [c_void_p]),
    "llama_memory_clear": (None, [c_void_p, c_bool]),
    "llama_tokenize": (c_int32, [c_void_p, c_char_p, c_int32, POINTER(c_int32), c_int32, c_bool, c_bool]),
    "llama_decode": (c_int32, [c_void_p, structs.Batch]),
    "llama_get_logits_ith": (POINTER(c_float), [c_void_p, c_int32]),
    "llama_adapter_lora_init": (c_void_p, [c_void_p, c_char_p]),
    "llama_set_adapters_lora": (c_int32, [c_void_p, POINTER(c_void_p), c_size_t, POINTER(c_float)]),
}


class LlamaLibrary:
    """The loaded library. One per process and path: `LlamaLibrary.load(path)`."""

    _loaded: dict[Path, LlamaLibrary] = {}

    @classmethod
    def load(cls, path: Path) -> LlamaLibrary:
        """Loads libllama and the backends beside it, and proves the structure layout. Raises `WorkerFailure`."""
        path = path.resolve()
        if path not in cls._loaded:
            cls._loaded[path] = cls(path)
        return cls._loaded[path]

    def __init__(self, path: Path) -> None:
        self.log_lines: list[str] = []
        self._log_callback = LOG_CALLBACK(self._keep_log)  # kept here: C holds only the address
        self._folder_handle = os.add_dll_directory(str(path.parent)) if os.name == "nt" else None
        try:
            self.calls = ctypes.CDLL(str(path))
            for name, (result, arguments) in _SIGNATURES.items():
                function = getattr(self.calls, name)
                function.restype, function.argtypes = result, arguments
            backends = ctypes.CDLL(str(_ggml_beside(path)))
            backends.ggml_backend_load_all_from_path.argtypes = [c_char_p]
            backends.ggml_backend_load_all_from_path.restype = None
        except (OSError, AttributeError) as error:
            raise WorkerFailure(
                "llama-library",
                f"llama.cpp's library could not be loaded from {path}: {error}.",
                "Install Forge's packages again (npm install).",
            ) from error
        self.version = self.calls.llama_version().decode("utf-8", "replace")
        self._prove_layout()
        self.calls.llama_log_set(self._log_callback, None)
        backends.ggml_backend_load_all_from_path(os.fsencode(path.parent))
        self.calls.llama_backend_init()

    def _prove_layout(self) -> None:
        problem = (
            structs.layout_problem(self.calls.llama_model_default_params(), structs.MODEL_DEFAULTS)
            or structs.layout_problem(self.calls.llama_context_default_params(), structs.CONTEXT_DEFAULTS)
            or structs.layout_problem(self.calls.llama_model_quantize_default_params(), structs.QUANTISE_DEFAULTS)
        )
        if problem:
            raise WorkerFailure(
                "llama-library-version",
                f"llama.cpp {self.version} lays its settings out differently from {structs.LAYOUT_VERSION}, the one "
                f"Forge knows ({problem}). Nothing was run.",
                "Use the node-llama-cpp version in Forge's package.json, or update Forge.",
            )

    def _keep_log(self, level: int, text: bytes, user_data: object) -> None:
        if level in (WARNING_LEVEL, ERROR_LEVEL, CONTINUED_LEVEL) and text and text.strip(b". \n"):
            self.log_lines = [*self.log_lines, text.decode("utf-8", "replace").strip()][-KEPT_LOG_LINES:]

    def last_words(self) -> str:
        """What the library said last, for an error message."""
        return "; ".join(self.log_lines[-3:]) or "it gave no reason"


def _ggml_beside(path: Path) -> Path:
    """libggml.so, libggml.v0.4.0.so, libggml.dylib or ggml.dll beside libllama; not libggml-base or a backend."""
    candidates = [
        item
        for item in sorted(path.parent.iterdir())
        if item.name.removeprefix("lib").startswith("ggml.") and item.name.endswith((".so", ".dylib", ".dll"))
    ]
    if not candidates:
        raise WorkerFailure(
            "llama-library",
            f"libggml is missing beside {path}.",
            "Install Forge's packages again (npm install).",
        )
    return candidates[0]


class LlamaModel:
    """A loaded GGUF file with one context on the processor. Close it, or use it in a `with` block."""

    def __init__(self, library: LlamaLibrary, path: Path, *, threads: int, context_tokens: int, sequences: int = 1):
        """context_tokens: room for all sequences together; threads: at most the physical cores (not checked here).

        Raises `WorkerFailure` when the file is refused.
        """
        self._library = library
        self._calls = library.calls
        self._context: int | None = None
        self.path = path
        parameters = self._calls.llama_model_default_params()
        parameters.n_gpu_layers = 0
        library.log_lines = []
        self._model = self._calls.llama_model_load_from_file(os.fsencode(path), parameters)
        if not self._model:
            raise self._failure("was not accepted")
        self._vocabulary = self._calls.llama_model_get_vocab(self._model)
        self.vocabulary_size = self._calls.llama_vocab_n_tokens(self._vocabulary)
        self.trained_context_tokens = self._calls.llama_model_n_ctx_train(self._model)
        settings = self._calls.llama_context_default_params()
        settings.n_ctx = settings.n_batch = max(32, context_tokens)
        settings.n_ubatch = min(512, settings.n_batch)
        settings.n_seq_max = sequences
        settings.n_outputs_max = settings.n_outputs_max_per_seq = settings.n_batch
        settings.n_threads = settings.n_threads_batch = threads
        settings.kv_unified = True
        self._context = self._calls.llama_init_from_model(self._model, settings)
        if not self._context:
            self.close()
            raise self._failure("could not be given working memory")
        self._memory = self._calls.llama_get_memory(self._context)

    def tokenise(self, text: str) -> list[int]:
        """Token ids with special tokens recognised and none added (the rendered prompt holds its own)."""
        raw = text.encode("utf-8")
        room = len(raw) + 16
        buffer = (c_int32 * room)()
        count = self._calls.llama_tokenize(self._vocabulary, raw, len(raw), buffer, room, False, True)
        if count < 0:
            raise self._failure("could not cut a text into tokens")
        return list(buffer[:count])

    def is_end(self, token: int) -> bool:
        return bool(self._calls.llama_vocab_is_eog(self._vocabulary, token))

    def clear(self) -> None:
        """Forgets all sequences."""
        self._calls.llama_memory_clear(self._memory, CLEARS_DATA_TOO)

    def decode(
        self, tokens: Sequence[int], positions: Sequence[int], sequences: Sequence[int], wanted: Sequence[bool]
    ) -> np.ndarray:
        """Runs one batch; all four have one entry a token. Returns logits of the wanted ones, (wanted, vocabulary)."""
        count = len(tokens)
        sequence_values = (c_int32 * count)(*sequences)
        pointers = (POINTER(c_int32) * count)()
        for index in range(count):
            pointers[index] = ctypes.cast(ctypes.byref(sequence_values, 4 * index), POINTER(c_int32))
        batch = structs.Batch(
            n_tokens=count,
            token=(c_int32 * count)(*tokens),
            embd=None,
            pos=(c_int32 * count)(*positions),
            n_seq_id=(c_int32 * count)(*([1] * count)),
            seq_id=pointers,
            logits=(c_int8 * count)(*(int(flag) for flag in wanted)),
        )
        status = self._calls.llama_decode(self._context, batch)
        if status != 0:
            raise self._failure(f"could not be run (status {status})")
        rows = [index for index in range(count) if wanted[index]]
        logits = np.empty((len(rows), self.vocabulary_size), dtype=np.float32)
        for row, index in enumerate(rows):
            pointer = self._calls.llama_get_logits_ith(self._context, index)
            logits[row] = np.ctypeslib.as_array(pointer, shape=(self.vocabulary_size,))
        return logits

    def logits_of(self, tokens: Sequence[int], first_wanted: int) -> np.ndarray:
        """Teacher forcing of one sequence from empty memory: logits at positions first_wanted.. to the end."""
        self.clear()
        wanted = [index >= first_wanted for index in range(len(tokens))]
        return self.decode(tokens, range(len(tokens)), [0] * len(tokens), wanted)

    def lay_adapter(self, path: Path, scale: float = 1.0) -> None:
        """Lays a LoRA adapter file over the model. Raises `WorkerFailure` when it does not fit."""
        adapter = self._calls.llama_adapter_lora_init(self._model, os.fsencode(path))
        if not adapter:
            raise self._failure(f"does not take the adapter {path.name}")
        if self._calls.llama_set_adapters_lora(self._context, (c_void_p * 1)(adapter), 1, (c_float * 1)(scale)):
            raise self._failure(f"does not take the adapter {path.name}")

    def close(self) -> None:
        if self._context:
            self._calls.llama_free(self._context)
            self._context = None
        if self._model:
            self._calls.llama_model_free(self._model)
            self._model = None

    def __enter__(self) -> LlamaModel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _failure(self, what: str) -> WorkerFailure:
        return WorkerFailure(
            "llama-model",
            f"{self.path.name} {what} by llama.cpp {self._library.version}: {self._library.last_words()}.",
            "Export the model again; if it repeats, report it with this message.",
        )
