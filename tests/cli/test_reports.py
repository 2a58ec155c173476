"""What inspect and bench print."""

import base64
import json
import random

from tool import ToolTest, from_lp, odd_values, sessions, to_lines, to_lp

TOTALS = ["values", "raw_bytes", "encoded_bytes", "ratio", "encode_ns", "decode_ns", "failures", "encoders", "peers",
          "versions"]


class Inspect(ToolTest):
    def inspect(self, *arguments):
        return json.loads(self.good("inspect", *arguments))

    def test_one_value_in_four_ways(self):
        self.train("p.vpp")
        value = sessions(1)[0]
        self.write("v.lp", to_lp([value]))
        encoded = from_lp(self.good("encode", "-p", "p.vpp", "v.lp"))[0]
        self.write("e.bin", encoded)
        self.write("e.hex", b" " + encoded.hex().upper().encode() + b"\n")
        url_safe = base64.urlsafe_b64encode(encoded).decode().rstrip("=")
        ways = [["--hex", encoded.hex()], ["--hex-file", "e.hex"], ["e.bin"], ["--base64", url_safe]]
        ways.append(["--base64", base64.b64encode(encoded).decode()])
        found = [self.inspect("-p", "p.vpp", "--value", *way) for way in ways]
        self.assertEqual(found, found[:1] * len(found))
        self.assertEqual(found[0]["value"], value.decode())
        self.assertEqual(found[0]["value_bytes"], len(value))
        self.assertEqual(found[0]["stored_bytes"], len(encoded))
        self.assertEqual(found[0]["profile"]["first_code"], 0xB0)
        self.assertNotIn("value", self.inspect("-p", "p.vpp", "e.bin"))

    def test_parts_of_a_value_in_a_table_and_in_json(self):
        rng = random.Random(3)
        words = "the parcel will arrive tomorrow at your door please keep this number thanks again".split()
        texts = [" ".join(rng.choice(words) for _ in range(rng.randrange(3, 30))) for _ in range(900)]
        values = [f'{{"from":"{text[:6]}","text":"{text}"}}'.encode() for text in texts]
        self.write("s.txt", to_lines(values[:800]))
        self.good("train", "-q", "-o", "p.vpp", "s.txt")
        self.write("v.lp", to_lp(values[800:]))
        encoders = set()
        for value, encoded in zip(values[800:], from_lp(self.good("encode", "-p", "p.vpp", "v.lp"))):
            encoders.add(self.check_parts(value, encoded))
        self.assertIn("model", encoders)

    def check_parts(self, value, encoded):
        table = self.good("inspect", "-p", "p.vpp", "--explain", "--hex", encoded.hex()).decode().splitlines()
        found = self.inspect("-p", "p.vpp", "--explain", "--json", "--value", "--hex", encoded.hex())
        self.assertEqual(table[0], f"{found['encoder']}: {len(value)} bytes in {len(encoded)}")
        self.assertEqual(found["value"].encode(), value)
        if found["encoder"] == "model":
            parts, slots = found["explanation"]["symbols"], found["explanation"]["slots"]
            self.assertEqual("".join(part["text"] for part in parts).encode(), value)
            shown = [float(line.split()[0]) for line in table[3 : 3 + len(parts)]]
            self.assertEqual(shown, [part["bits"] for part in parts])
            self.assertEqual(len(table), 6 + len(parts) + len(slots))
        return found["encoder"]

    def test_every_value_makes_json(self):
        for value in odd_values()[:400]:
            if len(value) > 1000:
                continue
            self.write("v.bin", value)
            encoded = self.good("encode", "--format", "raw", "--output-format", "raw", "v.bin")
            found = self.inspect("--value", "--hex", encoded.hex())
            shown = found["value"].encode() if "value" in found else bytes.fromhex(found["value_hex"])
            self.assertEqual(shown, value)
            self.assertEqual("value_hex" in found, not is_text(value))

    def test_text_that_is_almost_utf8(self):
        for text in ("c280", "e0a080", "ed9fbf", "f0908080", "f48fbfbf"):
            self.assertIn("value", self.inspect("--value", "--hex", "61" + text))
        for text in ("c080", "c1bf", "e09fbf", "eda080", "f08fbfbf", "f4908080", "e282", "80", "f5808080"):
            self.assertIn("value_hex", self.inspect("--value", "--hex", "61" + text))

    def test_a_profile(self):
        self.train("p.vpp", None, "--name", "sessions \"1\"")
        found = self.inspect("p.vpp")
        self.assertEqual(found["name"], "sessions \"1\"")
        self.assertEqual(found["provenance"]["samples"], 400)
        self.assertTrue(found["encoders"])

    def test_a_table(self):
        table = bytes.fromhex("C1400204176600FF05E68D8ACC180060B09B800BA360B0")
        found = self.inspect("--hex", table.hex())
        self.assertEqual((found["records"], found["fields"], found["values"]), (4, "line", "deltas"))
        self.write("table", table)
        self.assertEqual(self.inspect("table"), found)
        self.assertIn("damaged", self.bad(1, "inspect", "--hex", table[:-1].hex()))

    def test_a_damaged_profile(self):
        data = self.read(self.train("p.vpp"))
        self.write("damaged.vpp", data[:40] + bytes([data[40] ^ 1]) + data[41:])
        self.assertIn("damaged.vpp: the profile is damaged: ", self.bad(1, "inspect", "damaged.vpp"))

    def test_what_is_refused(self):
        for digits in ("6", "6g", "61 6", "0x61"):
            self.assertIn("--hex", self.bad(2, "inspect", "--hex", digits))
        for text in ("YQ=a", "Y", "YR==", "Y!Q="):
            self.assertIn("--base64", self.bad(2, "inspect", "--base64", text))
        self.write("bad.hex", b"61 xyz")
        self.assertIn("bad.hex", self.bad(1, "inspect", "--hex-file", "bad.hex"))
        self.assertIn("missing", self.bad(1, "inspect", "missing"))
        self.assertIn("0xB3", self.bad(1, "inspect", "--hex", "b300"))

    def test_blanks_and_no_bytes(self):
        self.assertEqual(self.inspect("--value", "--hex", "61 62\n63")["value"], "abc")
        self.assertEqual(self.inspect("--value", "--hex", "")["value"], "")


class Bench(ToolTest):
    def setUp(self):
        super().setUp()
        self.values = sessions(120, seed=9) + [b"", b"17", b"x" * 500]
        self.write("v.lp", to_lp(self.values))
        self.write("s.txt", to_lines(sessions(400)))

    def bench(self, *arguments):
        return json.loads(self.good("bench", "--json", *arguments))

    def test_json(self):
        self.train("p.vpp")
        found = self.bench("-p", "p.vpp", "--train", "s.txt", "v.lp")
        encoded = from_lp(self.good("encode", "-p", "p.vpp", "v.lp"))
        self.assertEqual(list(found), TOTALS)
        self.assertEqual(found["values"], len(self.values))
        self.assertEqual(found["raw_bytes"], sum(map(len, self.values)))
        self.assertEqual(found["encoded_bytes"], sum(map(len, encoded)))
        self.assertAlmostEqual(found["ratio"], found["raw_bytes"] / found["encoded_bytes"], places=3)
        self.assertEqual(found["failures"], 0)
        self.assertEqual(list(found["versions"]), ["valpack", "zstd", "lz4", "zlib"])
        self.assertGreater(found["encode_ns"], 0)
        self.assertGreater(found["decode_ns"], 0)
        for key in ("values", "raw_bytes", "encoded_bytes"):
            self.assertEqual(sum(use[key] for use in found["encoders"].values()), found[key])
        for use in found["encoders"].values():
            self.assertGreater(use["decode_ns"], 0)
            self.assertGreater(use["zstd_dict_decode_ns"], 0)

    def test_peers(self):
        self.assertEqual(list(self.bench("v.lp")["peers"]), ["zstd-3", "lz4"])
        peers = self.bench("--train", "s.txt", "v.lp")["peers"]
        self.assertEqual(list(peers), ["zstd-3", "lz4", "zstd-dict", "zstd-dict-19", "lz4-dict", "deflate-dict"])
        raw = sum(map(len, self.values))
        for name, peer in peers.items():
            self.assertEqual(peer["failures"], 0, name)
            self.assertAlmostEqual(peer["ratio"], raw / peer["encoded_bytes"], places=3)
            self.assertGreater(peer["decode_ns"], 0)
        self.assertLess(peers["zstd-dict"]["encoded_bytes"], peers["zstd-3"]["encoded_bytes"])
        self.assertLess(peers["lz4-dict"]["encoded_bytes"], peers["lz4"]["encoded_bytes"])

    def test_only_the_peers_named_are_timed(self):
        self.write("one.txt", b"one\n")
        peers = self.bench("--train", "s.txt", "--timed", "zstd-dict", "--timed", "lz4", "v.lp")["peers"]
        self.assertEqual([name for name, peer in peers.items() if "decode_ns" in peer], ["lz4", "zstd-dict"])
        self.assertEqual([name for name, peer in peers.items() if "encode_ns" in peer], ["lz4", "zstd-dict"])
        self.assertTrue(all(peer["ratio"] > 0 for peer in peers.values()))
        self.assertIn(" - ", self.good("bench", "--timed", "lz4", "one.txt").decode())
        self.assertIn("without --train", self.bad(2, "bench", "--timed", "zstd-dict", "v.lp"))

    def test_without_a_profile_one_is_trained(self):
        alone = self.bench("v.lp")["encoded_bytes"]
        self.assertLess(self.bench("--train", "s.txt", "v.lp")["encoded_bytes"], alone)

    def test_the_largest_size(self):
        found = self.bench("--max-size", "99", "v.lp")
        small = [value for value in self.values if len(value) <= 99]
        self.assertEqual(found["values"], len(small))
        self.assertEqual(found["raw_bytes"], sum(map(len, small)))

    def test_table(self):
        text = self.good("bench", "--train", "s.txt", "v.lp").decode()
        for part in ("valpack", "zstd-3", "lz4-dict", "deflate-dict", "decode ns", "failures", "raw"):
            self.assertIn(part, text)

    def test_few_values_and_samples(self):
        self.write("none.txt", b"")
        self.write("one.txt", b"one\n")
        found = self.bench("none.txt")
        self.assertEqual((found["values"], found["ratio"], found["encoders"]), (0, 1, {}))
        self.assertEqual(self.bench("--train", "one.txt", "one.txt")["failures"], 0)
        self.assertIn("none.txt: can't train", self.bad(1, "bench", "--train", "none.txt", "one.txt"))


def is_text(value):
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
