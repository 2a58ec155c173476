"""Profiles that ship, named @NAME wherever a profile is named."""

import json

from tool import ToolTest, from_lp, to_lines

EMAILS = [b"maria.smith@gmail.com", b"jan_novak77@seznam.cz", b"info@stonebridge.io", b"", b"not one at all"]


class Shipped(ToolTest):
    def test_list(self):
        table = self.good("dicts").decode().splitlines()
        rows = json.loads(self.good("dicts", "--json"))
        names = ["profile", *(f"@{row['name']}" for row in rows)]
        self.assertEqual([line.split()[0] for line in table], names)
        for line, row in zip(table[1:], rows):
            self.assertIn(f" {row['raw_bytes'] / row['encoded_bytes']:.2f} ", line)
            self.assertTrue(line.endswith(row["purpose"]))
        self.bad(2, "dicts", "email")

    def test_round_trip_by_name(self):
        self.write("v.txt", to_lines(EMAILS))
        self.good("encode", "-p", "@email", "-o", "e.lp", "v.txt")
        self.assertLess(len(from_lp(self.read("e.lp"))[0]), 10)
        self.assertEqual(self.good("decode", "-p", "@email", "e.lp"), self.read("v.txt"))
        self.assertIn(b"ratio", self.good("bench", "-p", "@email", "v.txt"))
        self.bad(1, "decode", "-o", "d.txt", "e.lp")

    def test_beside_profiles_of_ones_own(self):
        self.train("own.vpp", None, "--beside", "@email")
        self.write("v.txt", to_lines(EMAILS))
        self.good("encode", "-p", "own.vpp", "-p", "@url", "-p", "@email", "-o", "e.lp", "v.txt")
        self.assertEqual(self.good("decode", "-p", "@email", "-p", "own.vpp", "e.lp"), self.read("v.txt"))
        clash = ["train", "-o", "p.vpp", "--beside", "@email", "--first", "0x98", "--width", "4", "v.txt"]
        self.assertIn("p.vpp", self.bad(1, *clash))

    def test_inspect(self):
        found = json.loads(self.good("inspect", "@email"))
        self.assertEqual((found["name"], found["first_code"]), ("email", 0x98))
        self.write("v.txt", to_lines(EMAILS[:1]))
        (encoded,) = from_lp(self.good("encode", "-p", "@email", "v.txt"))
        found = json.loads(self.good("inspect", "-p", "@email", "--value", "--hex", encoded.hex()))
        self.assertEqual(found["value"], EMAILS[0].decode())

    def test_relocate(self):
        self.good("relocate", "--first", "0xB0", "@email", "moved.vpp")
        self.assertEqual(json.loads(self.good("inspect", "moved.vpp"))["first_code"], 0xB0)

    def test_unknown_names(self):
        self.write("@email", b"a file of such a name is ./@email")
        for command in (
            ["encode", "-p", "@nosuch", "v"], ["encode", "-p", "@", "v"], ["inspect", "@nosuch"],
            ["relocate", "--first", "0xB0", "@nosuch", "o.vpp"],
            ["train", "-o", "o.vpp", "--beside", "@nosuch", "@email"]):
            self.assertIn("valpack dicts", self.bad(1, *command))
        self.assertIn("./@email", self.bad(1, "encode", "-p", "./@email", "@email"))
