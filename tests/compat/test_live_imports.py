"""The replacements of live extractors need NumPy alone."""

import subprocess
import sys

import pytest

ORIGINALS = {"kaldi_native_fbank", "lhotse", "onnxruntime", "openwakeword", "scipy", "torch"}
IMPORT = """
import sys
import ossicle.compat.{module}
print(*sorted({originals} & sys.modules.keys()))
"""


@pytest.mark.parametrize("module", ["kaldi_native_fbank", "lhotse", "openwakeword"])
def test_importing_a_replacement_imports_no_original(module):
    code = IMPORT.format(module=module, originals=ORIGINALS)
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
