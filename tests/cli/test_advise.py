"""What advise prints, and what it refuses."""

import json
import random
import subprocess

from tool import BUILD, ToolTest, sessions, to_lines, to_lp

MEMBERS = ["server", "keys", "samples", "kept", "keyed", "duplicates", "key_bytes", "value_bytes", "integers", "empty",
           "distinct", "memory", "verdict", "advice", "notes", "others", "rows"]
ROW = ["technique", "title", "values", "memory", "saved", "saved_percent", "worth", "encode_ns", "decode_ns", "lossy",
       "error", "loses", "how", "detail", "parameters"]
SESSIONS = sessions(400)


def keyed(prefix, values):
    return b"".join(b"%s%d\t%s\n" % (prefix, 1000 + number, value) for number, value in enumerate(values))


class Advise(ToolTest):
    def advise(self, *arguments, **settings):
        return json.loads(self.good("advise", "--json", *arguments, **settings))

    def rows(self, *arguments, **settings):
        return {row["technique"]: row for row in self.advise(*arguments, **settings)["rows"]}


class Json(Advise):
    def test_members(self):
        self.write("s.jsonl", to_lines(SESSIONS))
        found = self.advise("s.jsonl")
        self.assertEqual(sorted(found), sorted(MEMBERS))
        for row in found["rows"]:
            self.assertEqual(sorted(row), sorted(ROW))
            self.assertEqual(row["title"] in found["others"], row["values"] == 0)
        self.assertIn("HyperLogLog", found["others"])
        self.assertEqual((found["server"], found["keys"], found["keyed"]), ("redis-7.2", 400, False))
        self.assertEqual(found["verdict"], "change")

    def test_rows_add_up_and_come_in_order(self):
        found = self.advise("--format", "lines", "-", input=to_lines(SESSIONS))
        lossless = [row for row in found["rows"] if not row["lossy"]]
        self.assertEqual(found["rows"][: len(lossless)], lossless)
        worth = [row["memory"] for row in lossless if row["worth"]]
        self.assertEqual(worth, sorted(worth))
        for row in found["rows"]:
            self.assertEqual(row["saved"], found["memory"] - row["memory"])
            self.assertAlmostEqual(row["saved_percent"], 100 * row["saved"] / found["memory"], delta=0.06)
            if row["worth"]:
                self.assertGreaterEqual(row["saved_percent"], 9.9)
        self.assertGreater(next(row for row in lossless if row["technique"] == "short_names")["saved_percent"], 8)

    def test_the_same_values_in_every_format(self):
        self.write("one.txt", to_lines(SESSIONS[:150]))
        self.write("two.lp", to_lp(SESSIONS[150:]))
        files = self.advise("one.txt", "two.lp")
        lines = self.advise(input=to_lines(SESSIONS))
        self.assertEqual(without_times(files), without_times(lines))
        self.write("value", b"x" * 1000)
        self.assertEqual(self.advise("--format", "raw", "value")["value_bytes"], 1000)

    def test_keys(self):
        found = self.advise("--keyed", input=keyed(b"session:", SESSIONS))
        self.assertTrue(found["keyed"])
        self.assertEqual(found["key_bytes"], 12)
        assumed = self.advise("--key-size", "12", input=to_lines(SESSIONS))
        self.assertFalse(assumed["keyed"])
        self.assertEqual(found["memory"], assumed["memory"])
        more = self.advise("--total-keys", "800", "--key-size", "12", input=to_lines(SESSIONS))
        self.assertEqual(more["keys"], 800)
        self.assertAlmostEqual(more["memory"] / found["memory"], 2, delta=0.1)
        expiring = self.advise("--expires", "--key-size", "12", input=to_lines(SESSIONS))
        self.assertGreater(expiring["memory"], found["memory"])

    def test_a_value_may_hold_a_tab(self):
        found = self.advise("--keyed", input=b"k:1\ta\tb\nk:2\t\n")
        self.assertEqual((found["samples"], found["value_bytes"], found["empty"]), (2, 2, 1))

    def test_servers(self):
        memory = {}
        for name in ("redis-7.0-debian", "redis-7.2", "redis-8", "valkey-9"):
            found = self.advise("--server", name, input=to_lines(SESSIONS))
            self.assertEqual(found["server"], name)
            memory[name] = found["memory"]
        self.assertGreater(memory["redis-7.0-debian"], memory["redis-7.2"])
        self.assertGreater(memory["redis-7.2"], memory["redis-8"])

    def test_a_server_s_info(self):
        self.write("info", b"# Server\r\nredis_version:7.2.6\r\nmem_allocator:jemalloc-5.3.0\r\nmaxmemory:0\r\n")
        records = keyed(b"photo:", [b"%d" % (3301000000 + 7 * n) for n in range(3000)])
        found = self.advise("--keyed", "--server", "auto:info", input=records)
        self.assertEqual(found["server"], "redis-7.2")
        self.write("both", self.read("info") + b"hash-max-listpack-entries\n16\nhash-max-listpack-value\n64\n")
        limited = self.advise("--keyed", "--server", "auto:both", input=records)
        hashes = [row["memory"] for row in found["rows"] + limited["rows"] if row["technique"] == "small_hashes"]
        self.assertGreater(hashes[1], 1.2 * hashes[0])

    def test_large_values_can_be_left_out(self):
        found = self.advise("--max-size", "100", input=to_lines([b"x" * 101, b"y" * 100, b"z"]))
        self.assertEqual(found["samples"], 2)

    def test_numbers_alone_are_left_alone_or_bucketed(self):
        rng = random.Random(1)
        rows = self.rows(input=to_lines([b"%d" % rng.randrange(10**6, 10**9) for _ in range(2000)]))
        for technique, row in rows.items():
            if row["worth"] and not row["lossy"]:
                self.assertIn(technique, ("small_hashes", "small_hashes_encoded", "packed_tables"))


def without_times(advice):
    rows = [{name: row[name] for name in row if not name.endswith("_ns")} for row in advice["rows"]]
    return {**advice, "rows": rows}


class Prefixes(Advise):
    def test_groups(self):
        numbers = [b"%d" % (10**9 + number * 17) for number in range(500)]
        data = keyed(b"cart:", SESSIONS) + keyed(b"n", numbers) + keyed(b"user:7:", [b"Ada"] * 9) + b"odd\tvalue\n"
        found = self.advise("--by-prefix", input=data)
        self.assertEqual([group["prefix"] for group in found["groups"]], ["cart:", "n", "user:*:", ""])
        alone = self.advise("--keyed", input=keyed(b"cart:", SESSIONS))
        self.assertEqual(without_times(found["groups"][0]["advice"]), without_times(alone))
        self.assertEqual(found["memory"], sum(group["advice"]["memory"] for group in found["groups"]))
        self.assertLess(found["best_memory"], found["memory"])
        table = self.good("advise", "--by-prefix", input=data).decode()
        self.assertEqual(table.count("Verdict: "), 4)
        self.assertIn('== "cart:" ==', table)
        self.assertIn("== keys without a prefix ==", table)
        self.assertRegex(table.splitlines()[-1],
                         r"^All 4 groups: .* now, .* with the best of each group: [0-9.]+ % saved$")

    def test_many_prefixes(self):
        letters = [bytes([a, b]) for a in range(97, 123) for b in range(97, 101)]
        data = b"".join(keyed(name + b":", [b"value"] * (110 - number)) for number, name in enumerate(letters))
        found = self.advise("--by-prefix", input=data)["groups"]
        self.assertEqual(len(found), 50)
        rest = [group for group in found if group["prefix"] is None]
        self.assertEqual([group["prefixes"] for group in rest], [len(letters) - 49])
        self.assertEqual(sum(group["advice"]["samples"] for group in found), sum(110 - n for n in range(len(letters))))

    def test_a_prefix_that_is_no_text(self):
        group = self.advise("--by-prefix", input=b"\xff\xfe:1\tvalue\n")["groups"][0]
        self.assertEqual((group["prefix"], group["prefix_hex"]), (None, "fffe3a"))


class Table(Advise):
    def test_it_says_what_json_says(self):
        self.write("s.jsonl", to_lines(SESSIONS))
        found = self.advise("s.jsonl")
        table = self.good("advise", "s.jsonl").decode()
        for row in filter(lambda row: row["values"], found["rows"]):
            lines = [line for line in table.splitlines() if line[4:36].rstrip() == row["title"] and "%" in line]
            self.assertTrue(lines, row["title"])
            self.assertIn(f"{row['memory'] / found['keys']:.1f} {row['saved_percent']:6.1f} %", lines[0])
        self.assertIn(f"Verdict: {found['advice'].split()[0]}", table)

    def test_lines_fit(self):
        table = self.good("advise", "--by-prefix", input=keyed(b"cart:", SESSIONS)).decode()
        self.assertLessEqual(max(map(len, table.splitlines())), 110)

    def test_nothing_is_gained(self):
        rng = random.Random(2)
        data = to_lp([rng.randbytes(2000) for _ in range(300)])
        found = self.advise("--format", "lp", input=data)
        self.assertEqual(found["verdict"], "leave alone")
        self.assertFalse([row for row in found["rows"] if row["worth"] and not row["lossy"]])
        table = self.good("advise", "--format", "lp", input=data).decode()
        self.assertIn("\nUnder 10 %: leave it alone\n", table)
        self.assertIn("\nVerdict: leave it alone", table)

    def test_a_hint_when_keys_seem_to_be_there(self):
        done = self.run_tool("advise", input=keyed(b"cart:", SESSIONS[:50]))
        self.assertIn("--keyed", done.stderr.decode())
        self.assertEqual(self.run_tool("advise", "--quiet", input=keyed(b"cart:", SESSIONS[:50])).stderr, b"")
        self.assertEqual(self.run_tool("advise", input=to_lines(SESSIONS[:50])).stderr, b"")
        self.assertEqual(self.run_tool("advise", input=b"two words\tvalue\n").stderr, b"")


class Refused(Advise):
    def test_no_values(self):
        for arguments in ([], ["--keyed"], ["--by-prefix"], ["--max-size", "3"]):
            data = b"" if len(arguments) < 2 else b"long\n"
            self.assertIn("no values", self.bad(1, "advise", *arguments, input=data))

    def test_lines_without_a_key(self):
        for option in ("--keyed", "--by-prefix"):
            message = self.bad(1, "advise", option, input=b"a\tb\nc d\n")
            self.assertIn("value 2 at offset 4: there is no TAB", message)
            self.assertIn("value 1", self.bad(1, "advise", option, input=b"\tb\n"))

    def test_files(self):
        self.assertIn("missing.txt", self.bad(1, "advise", "missing.txt"))
        self.write("cut.lp", b"\x05\0\0\0abc")
        self.assertIn("the file ends after 3 of its 5 bytes", self.bad(1, "advise", "cut.lp"))
        self.assertIn("nothing.info", self.bad(1, "advise", "--server", "auto:nothing.info", "-"))
        self.write("old.info", b"redis_version:5.0.7\r\nmem_allocator:jemalloc-5.1.0\r\n")
        self.assertIn("old.info", self.bad(1, "advise", "--server", "auto:old.info", "-"))

    def test_options(self):
        self.assertIn("'redis-1'", self.bad(2, "advise", "--server", "redis-1", "-"))
        for option, texts in {"--key-size": ["0", "65536"], "--total-keys": ["0", "x"]}.items():
            for text in texts:
                self.assertIn(option, self.bad(2, "advise", option, text, "-"))
        self.assertIn("--key-size", self.bad(2, "advise", "--keyed", "--key-size", "9", "-"))
        self.assertIn("--total-keys", self.bad(2, "advise", "--total-keys", "1", input=b"a\nb\n"))

    def test_a_full_disk(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([str(BUILD / "valpack"), "advise"], input=to_lines(SESSIONS[:50]), stdout=full,
                                  stderr=subprocess.PIPE, timeout=120, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"can't write", done.stderr)
