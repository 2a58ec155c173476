"""Where the library is looked for, and what is said when it is not there."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from valpack import _lib

PACKAGE = Path(_lib.__file__).parent
LIBRARY = Path(os.environ["VALPACK_LIBRARY"])
USE_IT = "import valpack; assert valpack.decode(valpack.encode(b'value')) == b'value'; print('used')"


def run(code, folder, **variables):
    """Runs Python code that imports the package from a folder."""
    environment = {key: value for key, value in os.environ.items() if key != "VALPACK_LIBRARY"}
    environment.update(variables, PYTHONPATH=str(folder), PYTHONDONTWRITEBYTECODE="1")
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


class Library(unittest.TestCase):
    def test_a_missing_library_is_named(self):
        result = run("import valpack", PACKAGE.parent, VALPACK_LIBRARY="/nowhere/libvalpack.so")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("ImportError: libvalpack can't be loaded", result.stderr)
        self.assertIn("/nowhere/libvalpack.so", result.stderr)

    def test_another_library_is_refused(self):
        import _ctypes

        result = run("import valpack", PACKAGE.parent, VALPACK_LIBRARY=_ctypes.__file__)
        self.assertIn("is not a libvalpack", result.stderr)
        self.assertIn("vp_status_name", result.stderr)

    def test_beside_the_package(self):
        for place in ("valpack", "."):
            with self.subTest(place), tempfile.TemporaryDirectory() as folder:
                copy = Path(folder, "valpack")
                shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
                shutil.copy(LIBRARY, Path(folder, place, "libvalpack.so"))
                self.assertEqual(run(USE_IT, folder).stdout, "used\n")

    def test_through_the_loader(self):
        result = run(USE_IT, PACKAGE.parent, LD_LIBRARY_PATH=str(LIBRARY.parent))
        self.assertEqual(result.stdout, "used\n", result.stderr)

    def test_major_and_minor_must_match(self):
        major, minor, patch = map(int, _lib.VERSION.split("."))
        number = major * 10000 + minor * 100
        _lib.check_version("library", number + patch + 1)
        for other in (number + 100, number + 10000):
            with self.assertRaisesRegex(ImportError, f"this package needs {_lib.VERSION}"):
                _lib.check_version("library", other)


if __name__ == "__main__":
    unittest.main()
