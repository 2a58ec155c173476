#!/usr/bin/env python3
"""Runs the tests of the Python package against the shared library in the build folder.

Environment: VALPACK_SOURCE, the checkout (by default the one around this file); VALPACK_BUILD, the
build folder (by default build/ in the checkout). Arguments are those of unittest.
"""

import os
import sys
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("VALPACK_SOURCE", Path(__file__).resolve().parent.parent))
BUILD = Path(os.environ.get("VALPACK_BUILD", SOURCE / "build"))
PACKAGE = SOURCE / "bindings" / "python"

os.environ["VALPACK_LIBRARY"] = str(BUILD / "libvalpack.so")
os.environ["VALPACK_SOURCE"] = str(SOURCE)
sys.dont_write_bytecode = True
sys.path[:0] = [str(PACKAGE), str(PACKAGE / "tests")]

names = sorted(path.stem for path in (PACKAGE / "tests").glob("test_*.py"))
given = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
unittest.main(module=None, argv=sys.argv if given else [*sys.argv, *names])
