#!/usr/bin/env python3
"""Runs the tests of the command line tool, tests/cli/test_*.py.

Environment: VALPACK_SOURCE, the checkout (by default the one around this file); VALPACK_BUILD, the
build folder with the tool in it (by default build/ in the checkout). Arguments are those of unittest.
"""

import sys
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent / "cli"

sys.dont_write_bytecode = True
sys.path.insert(0, str(TESTS))

names = sorted(path.stem for path in TESTS.glob("test_*.py"))
given = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
unittest.main(module=None, argv=sys.argv if given else [*sys.argv, *names])
