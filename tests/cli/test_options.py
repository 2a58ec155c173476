"""The command line itself: help, the man page, and what is refused as wrong usage."""

import re

from tool import COMMANDS, SOURCE, ToolTest


def long_options(text):
    return set(re.findall(r"--[a-z][a-z0-9-]+", text))


def man_sections():
    """The man page's text by command, as the options stand in it."""
    page = (SOURCE / "bindings" / "cli" / "valpack.1").read_text().replace("\\-", "-")
    commands = page[page.index(".SH COMMANDS") : page.index(".SH FILES")]
    parts = re.split(r"^\.SS (.*)$", commands, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


class Help(ToolTest):
    def test_overview_names_every_command(self):
        text = self.good("--help").decode()
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^  {command} ")
        self.assertEqual(self.good("-h").decode(), text)

    def test_version_is_the_header_s(self):
        header = (SOURCE / "include" / "valpack.h").read_text()
        parts = re.findall(r"#define VP_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", header)
        self.assertEqual(self.good("--version").decode(), f"valpack {'.'.join(parts)}\n")

    def test_every_command_lists_its_options(self):
        for command in COMMANDS:
            text = self.good(command, "--help").decode()
            self.assertTrue(text.startswith(f"Usage: valpack {command} "))
            self.assertEqual(text, self.good(command, "-h").decode())
            for option in re.findall(r"(?m)^  (?:-\w,|   ) (--[a-z0-9-]+)", text):
                self.assertNotIn("unknown", self.run_tool(command, option).stderr.decode())

    def test_the_man_page_knows_the_same_options(self):
        sections = man_sections()
        for command in COMMANDS:
            listed = re.findall(r"(?m)^  (?:-\w,|   ) (--[a-z0-9-]+)", self.good(command, "--help").decode())
            described = long_options("".join(re.findall(r"(?m)^\.TP\n(.*)$", sections[command])))
            self.assertEqual(described, set(listed) - {"--help"}, command)
            self.assertIn("--help", sections["Each command"])


class WrongUsage(ToolTest):
    def test_commands(self):
        self.assertEqual(self.run_tool().returncode, 2)
        self.assertIn("'frobnicate'", self.bad(2, "frobnicate"))

    def test_unknown_options(self):
        for command in COMMANDS:
            self.assertIn("'--frobnicate'", self.bad(2, command, "--frobnicate"))
            self.assertIn("'-Z'", self.bad(2, command, "-Z"))

    def test_arguments(self):
        self.assertIn("needs an argument", self.bad(2, "encode", "--output"))
        self.assertIn("needs an argument", self.bad(2, "encode", "-o"))
        self.assertIn("takes no argument", self.bad(2, "bench", "--json=1", "v"))
        self.assertIn("'gif'", self.bad(2, "encode", "--format", "gif", "v"))
        self.assertIn("'tiny'", self.bad(2, "encode", "--preset", "tiny", "v"))

    def test_operands(self):
        for arguments in (["train"], ["encode"], ["decode"], ["bench"], ["inspect"], ["relocate", "--first", "0xB0", "a"]):
            self.bad(2, *arguments)
        for command in ("encode", "decode", "bench", "inspect"):
            self.bad(2, command, "one", "two")
        self.bad(2, "relocate", "a", "b")
        self.bad(2, "inspect", "--hex", "61", "file")
        self.bad(2, "inspect", "--hex", "61", "--base64", "YQ==")

    def test_numbers(self):
        wrong = {
            "--first": ["0x7F", "0xC0", "-1", "", "x", "0x", "176x", " 176", "99999999999999999999"],
            "--width": ["0", "33", "3", "24"],
            "--model-bytes": ["1", "2M", "64KB", "K", "18446744073709551615K"],
            "--sample-bytes": ["1K", "2G"],
            "--check": ["5", "-1"],
            "--min-count": ["0", "1001"],
            "--seed": ["now", "18446744073709551616"],
            "--date": ["yesterday", "-1"],
            "--zstd-level": ["0", "23"],
        }
        for option, texts in wrong.items():
            for text in texts:
                self.assertIn(option, self.bad(2, "train", option, text, "-"))
        self.assertIn("no multiple", self.bad(2, "train", "--first", "0xB1", "-"))
        self.assertIn("--hand-back", self.bad(2, "decode", "--hand-back", "0x61", "-"))

    def test_names(self):
        self.assertIn("--name", self.bad(2, "train", "--name", "x" * 65, "-"))
        self.assertIn("--name", self.bad(2, "train", "--name", "a\x01", "-o", "p.vpp", "-"))
        self.assertIn("--output", self.bad(2, "train", "--name", "a/b", "-"))
