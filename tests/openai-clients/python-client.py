"""The official Python client against the server whose base address is the first argument; prints what it saw as one line of JSON."""

import json
import sys

from openai import BadRequestError, NotFoundError, OpenAI


def main(base_url: str) -> None:
    client = OpenAI(base_url=base_url, api_key="not needed", max_retries=0)
    question = {
        "model": "smol",
        "messages": [{"role": "user", "content": "Name three colours."}],
        "temperature": 0,
        "max_tokens": 24,
    }
    whole = client.chat.completions.create(**question)
    streamed = ""
    usage = None
    for chunk in client.chat.completions.create(**question, stream=True, stream_options={"include_usage": True}):
        usage = chunk.usage or usage
        if chunk.choices:
            streamed += chunk.choices[0].delta.content or ""
    stream = client.chat.completions.create(**{**question, "max_tokens": 800, "temperature": 1}, stream=True)
    next(iter(stream))
    stream.close()
    print(
        json.dumps(
            {
                "models": sorted(model.id for model in client.models.list()),
                "same": streamed == whole.choices[0].message.content and streamed != "",
                "usage": usage is not None and usage.total_tokens == whole.usage.total_tokens,
                "unknown": fails_with(
                    NotFoundError, lambda: client.chat.completions.create(**{**question, "model": "nobody"})
                ),
                "bad": fails_with(BadRequestError, lambda: client.chat.completions.create(**question, n=2)),
            }
        )
    )


def fails_with(kind: type[Exception], call) -> bool:
    try:
        call()
    except kind:
        return True
    return False


if __name__ == "__main__":
    main(sys.argv[1])
