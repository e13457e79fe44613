"""The package itself: what an import costs, and what it says of itself."""

import pathlib
import shutil
import subprocess
import sys

import pytest
from children import python

import ossicle

PACKAGE = pathlib.Path(ossicle.__file__).parent
HERE = pathlib.Path(__file__).parent


def test_an_import_loads_no_other_package():
    script = """
import sys
before = set(sys.modules)
import ossicle
print(*set(sys.modules) - before)
"""
    loaded = {name.split(".")[0] for name in python(script).split()}
    assert {name for name in loaded if name not in sys.stdlib_module_names} == {"ossicle"}


def test_a_stream_loads_numpy_only_where_arrays_come():
    script = """
import sys, ossicle
frontend = ossicle.Frontend("whisper-80")
assert "numpy" not in sys.modules
import array
frontend(array.array("f", bytes(64000)))
print("numpy" in sys.modules)
"""
    assert python(script) == "True\n"


def test_the_version_is_the_engines():
    assert ossicle.__version__ == ossicle._core.version()
    assert ossicle._core.git_hash()


def test_everything_that_is_public_is_there():
    assert len(set(ossicle.__all__)) == len(ossicle.__all__)
    for name in ossicle.__all__:
        assert hasattr(ossicle, name), name
    ours = {name for name, value in vars(ossicle).items()
            if getattr(value, "__module__", "").startswith("ossicle.") and not name.startswith("_")}
    assert ours - set(ossicle.__all__) == set()
    with pytest.raises(AttributeError, match="nothing"):
        ossicle.nothing


ALIASES = ("SpecLike", "Statistics", "Step")  # of types: they have no docstring of their own


def words_on(owner, name):
    """The docstring without what dataclasses, named tuples and nanobind write by themselves."""
    text = getattr(owner, name).__doc__ or ""
    if text.startswith((f"{name}(", "(self)")):  # a signature
        text = text.partition("\n\n")[2]
    return "" if text.startswith("Alias for field") else text


@pytest.mark.parametrize("name", [name for name in ossicle.__all__ if name not in ALIASES])
def test_it_has_a_docstring(name):
    assert words_on(ossicle, name)


CLASSES = [kind for name in ossicle.__all__ if isinstance(kind := getattr(ossicle, name), type)]
HAVE_NONE = [kind for kind in CLASSES if issubclass(kind, (Exception, dict))]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_public_attribute_of_a_class_has_a_docstring(kind):
    fields = getattr(kind, "__dataclass_fields__", {})  # the class's docstring has them
    names = [name for name in vars(kind) if not name.startswith("_") and name not in fields]
    assert names or fields or kind in HAVE_NONE or kind is ossicle.SubtractMean
    assert [name for name in names if not words_on(kind, name)] == []


def test_help_names_the_types_of_the_arguments_of_a_front_end():
    for name, argument in (("__init__", "workers: int"), ("__call__", "axis: int | None"),
                           ("frames", "samples: int")):
        assert argument in getattr(ossicle.Frontend, name).__doc__


def test_types_are_marked_and_stubbed():
    assert (PACKAGE / "py.typed").exists()
    assert (PACKAGE / "_core.pyi").exists()


def test_the_stub_knows_what_the_extension_has():
    stub = {"__name__": "ossicle._core", "__package__": "ossicle"}
    code = "from __future__ import annotations\n" + (PACKAGE / "_core.pyi").read_text()
    exec(code, stub)
    for name, value in vars(ossicle._core).items():
        if name.startswith("_"):
            continue
        assert name in stub, name
        if isinstance(value, type):
            members = {each for each in vars(value) if not each.startswith("_")}
            assert members == {each for each in vars(stub[name]) if not each.startswith("_")}, name


def test_the_package_and_an_example_are_strictly_typed(tmp_path):
    for module in ("mypy", "matplotlib"):
        pytest.importorskip(module)
    # mypy does not look for mistakes where packages are installed.
    shutil.copytree(PACKAGE, tmp_path / "ossicle", ignore=shutil.ignore_patterns("*.so"))
    shutil.copy(HERE / "typed_example.py", tmp_path)
    result = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "ossicle", "typed_example.py"],
        cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
