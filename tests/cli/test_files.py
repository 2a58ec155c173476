"""Output files are complete or absent, and every failure of the system is told."""

import os
import resource
import signal
import subprocess
import sys
import time

from tool import TOOL, ToolTest, from_lp, sessions, to_lines, to_lp


class Outputs(ToolTest):
    def setUp(self):
        super().setUp()
        self.write("v.txt", to_lines(sessions(50)))

    def test_an_error_leaves_the_old_file(self):
        self.write("e.lp", b"precious")
        self.write("broken.lp", to_lp([b"a"] * 100) + b"\x01")
        self.bad(1, "encode", "-o", "e.lp", "broken.lp")
        self.assertEqual(self.read("e.lp"), b"precious")

    def test_no_other_file_appears(self):
        self.good("encode", "-o", "e.lp", "v.txt")
        self.assertEqual(self.files(), ["e.lp", "v.txt"])

    def test_input_and_output_may_be_one_file(self):
        lines = self.read("v.txt")
        self.good("encode", "-o", "v.txt", "v.txt")
        self.good("decode", "--format", "lp", "-o", "v.txt", "v.txt")
        self.assertEqual(self.read("v.txt"), lines)

    def test_links_and_modes_stay(self):
        self.write("target.lp", b"old")
        os.chmod(self.folder / "target.lp", 0o640)
        os.symlink("target.lp", self.folder / "link.lp")
        self.good("encode", "-o", "link.lp", "v.txt")
        self.assertTrue((self.folder / "link.lp").is_symlink())
        self.assertEqual((self.folder / "target.lp").stat().st_mode & 0o777, 0o640)
        self.assertEqual(len(from_lp(self.read("target.lp"))), 50)

    def test_a_new_file_has_the_usual_mode(self):
        self.good("encode", "-o", "e.lp", "v.txt", preexec_fn=lambda: os.umask(0o027))
        self.assertEqual((self.folder / "e.lp").stat().st_mode & 0o777, 0o640)

    def test_bad_places(self):
        self.assertIn("nowhere/e.lp", self.bad(1, "encode", "-o", "nowhere/e.lp", "v.txt"))
        os.mkdir(self.folder / "folder")
        self.assertIn("folder: is a directory", self.bad(1, "encode", "-o", "folder", "v.txt"))
        self.assertIn("x" * 300, self.bad(1, "encode", "-o", "x" * 300, "v.txt"))
        self.bad(1, "encode", "-o", "", "v.txt")

    def test_bad_inputs(self):
        os.mkdir(self.folder / "folder")
        self.assertIn("folder: can't read", self.bad(1, "encode", "-o", "e.lp", "folder"))
        self.assertIn("missing.txt: can't open", self.bad(1, "encode", "-o", "e.lp", "missing.txt"))


class Trouble(ToolTest):
    def test_a_full_disk(self):
        self.write("v.txt", to_lines(sessions(20)))
        self.good("encode", "-o", "e.lp", "v.txt")
        self.assertIn("/dev/full: can't write: No space", self.bad(1, "encode", "-o", "/dev/full", "v.txt"))
        runs = [["encode", "v.txt"], ["decode", "e.lp"], ["bench", "v.txt"], ["inspect", "--hex", "61"], ["--help"]]
        for arguments in [*runs, ["train", "--help"], ["--version"], ["train", "-q", "-o", "-", "v.txt"]]:
            with open("/dev/full", "wb") as full:
                message = self.bad(1, *arguments, stdout=full)
            self.assertIn("standard output: can't write: No space", message)

    def test_a_limit_on_file_sizes(self):
        self.write("v.txt", to_lines(sessions(3000)))
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        self.assertIn("e.lp: can't write: File too large", self.bad(1, "encode", "-o", "e.lp", "v.txt", preexec_fn=limit))

    def test_a_closed_pipe(self):
        self.write("v.txt", to_lines(sessions(20)))
        read_end, write_end = os.pipe()
        os.close(read_end)
        with os.fdopen(write_end, "wb") as pipe:
            message = self.bad(1, "encode", "v.txt", stdout=pipe)
        self.assertIn("standard output: can't write: Broken pipe", message)

    def test_closed_standard_streams(self):
        self.write("v.txt", b"a\n")
        close_all = lambda: [os.close(fd) for fd in (0, 1, 2)]
        done = subprocess.run([TOOL, "encode", "-o", "e.lp", "v.txt"], cwd=self.folder, preexec_fn=close_all, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(from_lp(self.read("e.lp")), [b"a"])

    def test_signals_remove_the_unfinished_file(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with subprocess.Popen([TOOL, "encode", "-o", "e.lp", "-"], cwd=self.folder, stdin=subprocess.PIPE) as tool:
                tool.stdin.write(b"a\n")
                tool.stdin.flush()
                while not self.files():
                    time.sleep(0.01)
                tool.send_signal(number)
                tool.wait(timeout=60)
            self.assertEqual(tool.returncode, -number)
            self.assertEqual(self.files(), [])


class Streams(ToolTest):
    def test_a_large_file_in_bounded_memory(self):
        """48 MB of values go through in both directions with less than 24 MB of memory."""
        block = to_lines(sessions(4000))
        with open(self.folder / "v.txt", "wb") as file:
            while file.tell() < 48 << 20:
                file.write(block)
        for arguments in (["encode", "-o", "e.lp", "v.txt"], ["decode", "-o", "d.txt", "e.lp"]):
            self.assertLess(self.peak_memory(arguments), 24 << 20)
        done = subprocess.run(["cmp", "v.txt", "d.txt"], cwd=self.folder, check=False)
        self.assertEqual(done.returncode, 0)

    def peak_memory(self, arguments):
        command = [sys.executable, "-c", PEAK_OF_CHILD, TOOL, *arguments]
        done = subprocess.run(command, cwd=self.folder, stdout=subprocess.PIPE, check=True)
        return 1024 * int(done.stdout)

    def test_standard_streams(self):
        lines = to_lines(sessions(100))
        encoded = self.good("encode", "-", input=lines)
        self.assertEqual(self.good("decode", "-", input=encoded), lines)
        self.assertEqual(self.good("decode", "-o", "-", "-", input=encoded), lines)


# In a small process of its own: a child's peak begins with the memory of the one that forked it.
PEAK_OF_CHILD = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
