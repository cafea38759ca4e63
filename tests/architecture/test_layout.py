"""A stranger finds things: modules have a size that can be read, and package roots stay short."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "tap_qa",
    "target_qa",
    "sandbox/qa_sandbox",
    "sandbox/qa_harness",
    "sandbox/qa_loaders",
    "orchestrate/qa_dagster",
    "tools",
)
MAX_LINES = 300
MAX_MODULES = 8


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_has_more_than_300_lines(package: str) -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / package).rglob("*.py")}
    assert sizes
    assert {str(path.relative_to(ROOT)): size for path, size in sizes.items() if size > MAX_LINES} == {}


@pytest.mark.parametrize("package", ["tap_qa", "target_qa"])
def test_a_package_root_has_few_modules(package: str) -> None:
    modules = [path.name for path in (ROOT / package).glob("*.py") if path.name != "__init__.py"]
    assert 0 < len(modules) <= MAX_MODULES, modules
