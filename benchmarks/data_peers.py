"""The peers of data-read.ts: Hugging Face datasets for CSV and JSONL, pyarrow for Parquet. Prints one line of JSON."""

import json
import resource
import shutil
import sys
import tempfile
import time


def processor_seconds() -> float:
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in usage)


def load_with_datasets(kind: str, path: str) -> int:
    """Loads a file as `load_dataset` does for the first time: into a cache of its own."""
    import datasets

    datasets.disable_progress_bars()
    cache = tempfile.mkdtemp(prefix="forge-data-peers-")
    try:
        return len(datasets.load_dataset(kind, data_files=path, split="train", cache_dir=cache))
    finally:
        shutil.rmtree(cache)


def read_parquet(path: str) -> int:
    """All rows as Python objects."""
    import pyarrow.parquet

    rows = 0
    for batch in pyarrow.parquet.ParquetFile(path).iter_batches(1_000):
        rows += len(batch.to_pylist())
    return rows


def write_parquet(source: str, target: str) -> int:
    import pyarrow.json
    import pyarrow.parquet

    table = pyarrow.json.read_json(source)
    pyarrow.parquet.write_table(table, target, compression="zstd")
    return table.num_rows


def main() -> None:
    action, *paths = sys.argv[1:]
    if action == "parquet":
        import pyarrow.parquet  # noqa: F401 - the import is not what is measured
    else:
        import datasets  # noqa: F401 - the import is not what is measured
    began, began_cpu = time.perf_counter(), processor_seconds()
    if action == "write":
        rows = write_parquet(*paths)
    elif action == "parquet":
        rows = read_parquet(*paths)
    else:
        rows = load_with_datasets(action, *paths)
    seconds, cpu = time.perf_counter() - began, processor_seconds() - began_cpu
    print(json.dumps({"records": rows, "seconds": seconds, "cpuSeconds": cpu}))


main()
