#!/usr/bin/env python3
"""Runs a command and notes the seconds it took and the most memory it held.

usage: watch.py FILE COMMAND [ARGUMENT]...      FILE gets a line: seconds, bytes

A program of its own, because a process begins with the peak of the one that it was forked from.
"""

import os
import sys
import time

UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


def main():
    start = time.monotonic()
    child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
    _, status, usage = os.wait4(child, 0)
    with open(sys.argv[1], "w", encoding="ascii") as file:
        file.write(f"{time.monotonic() - start:.3f} {usage.ru_maxrss * UNIT}\n")
    sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


if __name__ == "__main__":
    main()
