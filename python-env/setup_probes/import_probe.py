"""Imports the named modules and prints {module: version} as the last line. Arguments: module names."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import sys


def version_of(name: str) -> str:
    """The installed version of the distribution that brings `name`."""
    names = importlib.metadata.packages_distributions().get(name.split(".")[0], [name])
    return importlib.metadata.version(names[0])


def main(names: list[str]) -> int:
    for name in names:
        importlib.import_module(name)
    print(json.dumps({name: version_of(name) for name in names}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
