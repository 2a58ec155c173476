"""From samples to a profile, and values through it."""

import json

from tool import ToolTest, from_lp, odd_values, sessions, to_lines, to_lp


class ProfileTest(ToolTest):
    def describe(self, name):
        return json.loads(self.good("inspect", name))

    def codes(self, name):
        found = self.describe(name)
        return set(range(found["first_code"], found["first_code"] + found["width"]))


class Train(ProfileTest):
    def setUp(self):
        super().setUp()
        self.write("s.jsonl", to_lines(sessions(400)))

    def test_default_names(self):
        self.good("train", "-q", "--name", "sessions", "s.jsonl")
        self.good("train", "-q", "s.jsonl")
        self.assertEqual(self.files(), ["profile.vpp", "s.jsonl", "sessions.vpp"])
        self.assertEqual(self.describe("sessions.vpp")["name"], "sessions")
        self.assertEqual(self.describe("profile.vpp")["name"], "")

    def test_same_samples_same_bytes(self):
        self.good("train", "-q", "-o", "a.vpp", "s.jsonl")
        self.good("train", "-q", "-o", "b.vpp", "s.jsonl")
        self.assertEqual(self.read("a.vpp"), self.read("b.vpp"))

    def test_samples_from_several_places(self):
        values = sessions(400)
        self.write("one.txt", to_lines(values[:200]))
        self.write("two.lp", to_lp(values[200:300]))
        self.good("train", "-q", "-o", "a.vpp", "s.jsonl")
        self.good("train", "-q", "-o", "b.vpp", "one.txt", "two.lp", "-", input=to_lines(values[300:]))
        self.assertEqual(self.read("a.vpp"), self.read("b.vpp"))

    def test_a_profile_is_not_overwritten(self):
        self.write("p.vpp", b"old")
        self.assertIn("p.vpp: exists already", self.bad(1, "train", "-o", "p.vpp", "s.jsonl"))
        self.good("train", "-q", "--force", "-o", "p.vpp", "s.jsonl")
        self.assertEqual(self.describe("p.vpp")["provenance"]["samples"], 400)

    def test_the_comparison_is_printed(self):
        done = self.run_tool("train", "-o", "p.vpp", "s.jsonl")
        text = done.stderr.decode()
        self.assertEqual(done.stdout, b"")
        for part in ("--beside", "samples: 400", "encoder", "held out", "0xA0..0xBF"):
            self.assertIn(part, text)
        self.assertNotIn("\r", text, "progress is for terminals")
        for row in self.describe("p.vpp")["encoders"]:
            self.assertIn(row["name"], text)

    def test_quiet(self):
        self.assertEqual(self.run_tool("train", "-q", "s.jsonl").stderr, b"")

    def test_ranges(self):
        self.good("train", "-q", "-o", "a.vpp", "--width", "16", "s.jsonl")
        self.assertEqual(self.codes("a.vpp"), set(range(0xB0, 0xC0)))
        self.good("train", "-q", "-o", "b.vpp", "--first", "0x84", "--width", "4", "s.jsonl")
        self.assertEqual(self.codes("b.vpp"), set(range(0x84, 0x88)))
        beside = self.run_tool("train", "-o", "c.vpp", "--beside", "a.vpp", "--beside", "b.vpp", "s.jsonl")
        self.assertEqual(beside.returncode, 0)
        self.assertNotIn("--beside", beside.stderr.decode())
        self.assertFalse(self.codes("c.vpp") & (self.codes("a.vpp") | self.codes("b.vpp")))
        self.bad(1, "train", "-o", "d.vpp", "--first", "0xB0", "--beside", "a.vpp", "s.jsonl")
        self.bad(1, "train", "-o", "d.vpp", "--width", "32", "--beside", "a.vpp", "--beside", "b.vpp", "s.jsonl")

    def test_the_width_is_chosen(self):
        self.good("train", "-q", "-o", "a.vpp", "s.jsonl")
        self.assertEqual(self.codes("a.vpp"), set(range(0xA0, 0xC0)))
        self.good("train", "-q", "-o", "b.vpp", "--width", "auto", "s.jsonl")
        self.assertEqual(self.read("a.vpp"), self.read("b.vpp"))
        self.good("train", "-q", "-o", "c.vpp", "--beside", "a.vpp", "s.jsonl")
        self.assertEqual(self.codes("c.vpp"), set(range(0x90, 0xA0)))
        self.good("train", "-q", "-o", "d.vpp", "--first", "0x90", "s.jsonl")
        self.assertEqual(self.codes("d.vpp"), set(range(0x90, 0xA0)))

    def test_settings_reach_the_profile(self):
        options = ["--check", "2", "--date", "1700000000", "--seed", "7", "--min-count", "2", "--zstd-level", "5"]
        options += ["--model-bytes", "16K", "--sample-bytes", "1M", "--preset", "fast", "--keep-integers"]
        self.good("train", "-q", "-o", "p.vpp", *options, "s.jsonl")
        found = self.describe("p.vpp")
        self.assertEqual(found["check_bytes"], 2)
        self.assertEqual(found["provenance"]["date"], 1700000000)
        self.good("train", "-q", "-o", "now.vpp", "--date", "now", "s.jsonl")
        self.assertGreater(self.describe("now.vpp")["provenance"]["date"], 1700000000)

    def test_samples_that_can_not_be_used(self):
        self.write("empty.txt", b"")
        self.assertIn("p.vpp: can't train", self.bad(1, "train", "-o", "p.vpp", "empty.txt"))
        self.write("broken.lp", b"\x09\0\0\0abc")
        self.assertIn("broken.lp: value 1 ", self.bad(1, "train", "-o", "p.vpp", "s.jsonl", "broken.lp"))
        self.assertIn("missing.txt", self.bad(1, "train", "-o", "p.vpp", "missing.txt"))
        self.assertIn("s.jsonl", self.bad(1, "train", "-o", "p.vpp", "--beside", "s.jsonl", "s.jsonl"))


class Encode(ProfileTest):
    def test_round_trip(self):
        self.train("p.vpp")
        values = sessions(300, seed=9) + odd_values()
        self.write("v.lp", to_lp(values))
        for options in ([], ["--no-verify"], ["--preset", "fast"], ["--zstd-level", "19"], ["--keep-integers"]):
            self.good("encode", "-p", "p.vpp", *options, "-o", "e.lp", "v.lp")
            self.good("decode", "-p", "p.vpp", "-o", "d.lp", "e.lp")
            self.assertEqual(self.read("d.lp"), self.read("v.lp"))
            for value, encoded in zip(values, from_lp(self.read("e.lp"))):
                self.assertLessEqual(len(encoded), len(value) + 1)

    def test_a_profile_pays(self):
        self.train("p.vpp")
        values = sessions(300, seed=9)
        self.write("v.lp", to_lp(values))
        encoded = from_lp(self.good("encode", "-p", "p.vpp", "v.lp"))
        self.assertLess(2 * sum(map(len, encoded)), sum(map(len, values)))

    def test_the_last_profile_writes_and_all_read(self):
        self.train("old.vpp")
        self.train("new.vpp", sessions(600, seed=5), "--beside", "old.vpp")
        self.write("v.txt", to_lines(sessions(100)))
        self.good("encode", "-p", "old.vpp", "-o", "old.lp", "v.txt")
        self.good("encode", "-p", "old.vpp", "-p", "new.vpp", "-o", "new.lp", "v.txt")
        firsts = {value[0] for value in from_lp(self.read("new.lp"))}
        self.assertTrue(firsts & self.codes("new.vpp"))
        self.assertFalse(firsts & self.codes("old.vpp"))
        self.write("both.lp", self.read("old.lp") + self.read("new.lp"))
        self.assertEqual(self.good("decode", "-p", "new.vpp", "-p", "old.vpp", "both.lp"), 2 * self.read("v.txt"))

    def test_a_missing_profile_is_an_error(self):
        self.train("p.vpp")
        self.write("v.txt", b"plain\n" + to_lines(sessions(20)))
        self.good("encode", "-p", "p.vpp", "-o", "e.lp", "v.txt")
        encoded = from_lp(self.read("e.lp"))
        number = next(i for i, value in enumerate(encoded) if value and 0x80 <= value[0] <= 0xBF)
        offset = len(to_lp(encoded[:number]))
        message = self.bad(1, "decode", "-o", "d.txt", "e.lp")
        self.assertIn(f"e.lp: value {number + 1} at offset {offset}: no profile", message)
        self.assertIn(f"0x{encoded[number][0]:02X}", message)

    def test_profiles_that_can_not_be_used(self):
        self.train("p.vpp")
        self.write("v.txt", b"a\n")
        self.write("text.vpp", b"this is no profile")
        self.write("damaged.vpp", self.read("p.vpp")[:-1] + bytes([self.read("p.vpp")[-1] ^ 1]))
        self.write("short.vpp", self.read("p.vpp")[:-1])
        self.assertIn("missing.vpp: can't open", self.bad(1, "encode", "-p", "missing.vpp", "-o", "e.lp", "v.txt"))
        for name in ("text.vpp", "damaged.vpp", "short.vpp"):
            for command in ("encode", "decode", "bench"):
                self.assertIn(f"{name}: ", self.bad(1, command, "-p", name, "v.txt"))
        message = self.bad(1, "encode", "-p", "p.vpp", "-p", "p.vpp", "-o", "e.lp", "v.txt")
        self.assertIn("p.vpp: its codes 0xB0..0xBF", message)
        self.assertIn("--hand-back", self.bad(1, "encode", "-p", "p.vpp", "--hand-back", "0xB3", "v.txt"))

    def test_integers(self):
        values = [b"%d" % number for number in range(10**9, 10**9 + 600)]
        self.train("p.vpp", values)
        self.write("v.lp", to_lp(values))
        encoded = from_lp(self.good("encode", "-p", "p.vpp", "v.lp"))
        self.assertLess(2 * sum(map(len, encoded)), sum(map(len, values)))
        self.assertEqual(from_lp(self.good("encode", "-p", "p.vpp", "--keep-integers", "v.lp")), values)

    def test_old_binary_values_are_handed_back(self):
        pickle = b"\x80\x04K\x01."
        self.write("old.lp", to_lp([pickle]))
        self.bad(1, "decode", "-o", "d.lp", "old.lp")
        self.good("decode", "--hand-back", "0x80", "-o", "d.lp", "old.lp")
        self.assertEqual(from_lp(self.read("d.lp")), [pickle])
        encoded = from_lp(self.good("encode", "--hand-back", "128", "old.lp"))
        self.assertNotEqual(encoded[0][0], 0x80)


class Relocate(ProfileTest):
    def test_round_trip(self):
        self.train("p.vpp")
        self.good("relocate", "--first", "0x90", "p.vpp", "moved.vpp")
        self.good("relocate", "--first", "176", "moved.vpp", "back.vpp")
        self.assertEqual(self.read("back.vpp"), self.read("p.vpp"))
        old, moved = self.describe("p.vpp"), self.describe("moved.vpp")
        self.assertEqual(moved["first_code"], 0x90)
        self.assertEqual(moved["fingerprint"], old["fingerprint"])

        self.write("v.txt", to_lines(sessions(50)))
        self.good("encode", "-p", "moved.vpp", "-o", "e.lp", "v.txt")
        self.bad(1, "decode", "-p", "p.vpp", "-o", "d.txt", "e.lp")
        self.assertEqual(self.good("decode", "-p", "p.vpp", "-p", "moved.vpp", "e.lp"), self.read("v.txt"))

    def test_what_is_refused(self):
        self.train("p.vpp")
        self.write("text.vpp", b"this is no profile")
        self.assertIn("p.vpp: 0x98 ", self.bad(1, "relocate", "--first", "0x98", "p.vpp", "out.vpp"))
        self.assertIn("exists already", self.bad(1, "relocate", "--first", "0x90", "p.vpp", "p.vpp"))
        self.assertIn("text.vpp", self.bad(1, "relocate", "--first", "0x90", "text.vpp", "out.vpp"))
        self.assertIn("missing", self.bad(1, "relocate", "--first", "0x90", "missing", "out.vpp"))
        self.good("relocate", "--first", "0x90", "--force", "p.vpp", "p.vpp")
        self.assertEqual(self.describe("p.vpp")["first_code"], 0x90)
