"""Prints {file: {"imports": [...], "lazy": [...]}} for every .py file under the folder given: absolute module names, read from
the syntax tree. "lazy" are those inside functions and under TYPE_CHECKING, which are not run when the module is imported."""

import ast
import json
import sys
from pathlib import Path


def module_names(node: ast.AST, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        parts = package.split(".")
        base = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
        return [".".join(part for part in (base, node.module or "") if part)]
    return []


def is_lazy(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return any(isinstance(part, ast.Name) and part.id == "TYPE_CHECKING" for part in ast.walk(node.test))
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))


def collect(node: ast.AST, package: str, lazy: bool, found: dict[str, list[str]]) -> None:
    for child in ast.iter_child_nodes(node):
        found["lazy" if lazy else "imports"].extend(module_names(child, package))
        collect(child, package, lazy or is_lazy(child), found)


def main(root: Path) -> None:
    report = {}
    for file in sorted(root.rglob("*.py")):
        name = file.relative_to(root).as_posix()
        package = ".".join((root.name, *file.relative_to(root).parent.parts))
        found: dict[str, list[str]] = {"imports": [], "lazy": []}
        collect(ast.parse(file.read_text(encoding="utf-8"), name), package, False, found)
        report[name] = found
    print(json.dumps({"standard": sorted(sys.stdlib_module_names), "files": report}))


main(Path(sys.argv[1]).resolve())
