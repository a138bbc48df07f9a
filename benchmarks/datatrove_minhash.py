"""MinHash de-duplication by datatrove in one process, as its example has it: signatures, 14 buckets, clusters.

    python datatrove_minhash.py <texts.jsonl> <working folder> <own|split>

Every line of the file is a JSON string. Prints `{documents, removed, seconds}`; reading the file and starting up do not
count. `own` parts words with the tokenizer datatrove takes for English (spaCy), `split` with `str.split`, the quickest
that Python has.
"""

from __future__ import annotations

import json
import struct
import sys
import time
from pathlib import Path

from datatrove.data import Document
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.utils.typeshelper import Languages
from datatrove.utils.word_tokenizers import WordTokenizer


class SplitTokenizer(WordTokenizer):
    def word_tokenize(self, text: str) -> list[str]:
        return text.split()

    def sent_tokenize(self, text: str) -> list[str]:
        return [text]

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        return [(0, len(text))]


def deduplicate(texts: list[str], folder: Path, tokenizer: WordTokenizer | str) -> None:
    config = MinhashConfig()
    documents = (Document(text=text, id=str(index)) for index, text in enumerate(texts))
    signatures, buckets, removed = (str(folder / name) for name in ("signatures", "buckets", "removed"))
    MinhashDedupSignature(signatures, config=config, language=tokenizer).run(documents)
    for bucket in range(config.num_buckets):
        step = MinhashDedupBuckets(signatures, buckets, config=config)
        step.run(rank=bucket, world_size=config.num_buckets)
    MinhashDedupCluster(buckets, removed, config=config).run()


def main() -> None:
    corpus, folder = (Path(name) for name in sys.argv[1:3])
    tokenizer = SplitTokenizer() if sys.argv[3] == "split" else Languages.english
    texts = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()]
    began = time.perf_counter()
    deduplicate(texts, folder, tokenizer)
    seconds = time.perf_counter() - began
    removed = sum(file.stat().st_size // struct.calcsize("<I") for file in (folder / "removed").glob("*.remove"))
    print(json.dumps({"documents": len(texts), "removed": removed, "seconds": seconds}))


if __name__ == "__main__":
    main()
