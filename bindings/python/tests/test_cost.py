"""Predicted memory of servers. The figures themselves are tested in C; here it is the way to them."""

import ctypes
import unittest

import headers
import valpack
from valpack import cost

INFO = (
    "# Server\r\nredis_version:7.0.15\r\narch_bits:64\r\n\r\n# Memory\r\nmaxmemory:1073741824\r\n"
    "maxmemory_policy:allkeys-lru\r\nmem_allocator:jemalloc-5.3.0\r\n\r\n# Cluster\r\ncluster_enabled:1\r\n"
)


class Servers(unittest.TestCase):
    def test_names(self):
        for name in cost.FLAVOURS:
            server = cost.Server.named(name)
            self.assertEqual((server.name, repr(server)), (name, f"<Server {name}>"))
            self.assertEqual((server.hash_max_entries, server.hash_max_value), (512, 64))
            self.assertIs(server.shared_integers, True)
            self.assertIs(server.cluster, False)
        self.assertEqual(len(cost.FLAVOURS), len(headers.enum("valpack_cost.h", "vp_flavour")))
        with self.assertRaisesRegex(valpack.ServerError, "redis-6"):
            cost.Server.named("redis-6")
        with self.assertRaises(TypeError):
            cost.Server.named(b"redis-7.2")

    def test_info(self):
        fields = dict(line.split(":") for line in INFO.split() if ":" in line)
        for info in (INFO, INFO.encode(), bytearray(INFO.encode()), INFO.replace("\r", ""), fields):
            server = cost.Server.from_info(info)
            self.assertEqual(server.name, "redis-7.0-debian")
            self.assertIs(server.shared_integers, False)
            self.assertIs(server.cluster, True)
        old, other = INFO.replace("7.0.15", "6.2"), INFO.replace("jemalloc", "libc")
        for info in ("", b"", {}, INFO[:100], old, other):
            with self.assertRaises(valpack.ServerError):
                cost.Server.from_info(info)
        with self.assertRaises(TypeError):
            cost.Server.from_info(7)

    def test_settings(self):
        server = cost.Server.named("redis-7.2")
        server.hash_max_entries, server.hash_max_value = 1000, 5000
        self.assertEqual((server.hash_max_entries, server.hash_max_value), (1000, 5000))
        self.assertEqual(cost.string(server, 10, b"77"), 40)
        server.shared_integers = False
        self.assertEqual(cost.string(server, 10, b"77"), 56)
        server.cluster = True
        self.assertEqual(cost.string(server, 10, b"77"), 72)
        for name, value in (("hash_max_entries", -1), ("hash_max_value", 2**32), ("cluster", 2)):
            with self.subTest(name), self.assertRaises(ValueError):
                setattr(server, name, value)

    def test_structures_are_those_of_the_header(self):
        text = headers.text_of("valpack_cost.h")
        for structure, name in ((cost.CServer, "vp_server"), (cost._CHashCost, "vp_hash_cost")):
            body = text.split(f"struct {name} {{")[1].split("}")[0]
            rows = [row.split() for row in body.split(";") if row.strip()]
            fields = [(word, getattr(ctypes, "c_" + kind[:-2])) for kind, word in rows]
            self.assertEqual(structure._fields_, fields)


class Costs(unittest.TestCase):
    def setUp(self):
        self.server = cost.Server.named("redis-7.2")

    def test_allocation(self):
        self.assertEqual([self.server.allocation(size) for size in (0, 1, 17, 65, 2**40 + 1)],
                         [0, 8, 24, 80, 5 * 2**38])

    def test_string(self):
        for key in (10, b"photo:1234", bytearray(10)):
            self.assertEqual(cost.string(self.server, key, b"hello"), 72)
            self.assertEqual(cost.string(self.server, key, 5), 72)
            self.assertEqual(cost.string(self.server, key, 5, expires=True), 96)
            self.assertEqual(cost.string(self.server, key, b"12345"), 56)
        self.assertEqual(cost.string(self.server, b"", 0), 24 + 8 + 24)

    def test_index(self):
        self.assertEqual(cost.index(self.server, 1000), 8192)
        self.assertEqual(cost.index(self.server, 1000, 100), 8192 + 1024)

    def test_listpack_entry(self):
        for value, size in ((b"3301000051", 10), (b"007", 5), (b"7", 2), (7, 9), (64, 67), (b"", 2)):
            self.assertEqual(cost.listpack_entry(value), size)

    def test_hash(self):
        pairs = [(b"%d" % number, b"3301000051") for number in range(513)]
        hash_cost = cost.HashCost(self.server)
        self.assertEqual(hash_cost.total(b"photo:11010000"), 0)
        for field, value in pairs[:512]:
            hash_cost.add(field, value)
        self.assertTrue(hash_cost.is_listpack)
        self.assertEqual(hash_cost.fields, 512)
        self.assertEqual(hash_cost.total(b"photo:11010000"), 24 + 16 + 16 + 7168)
        self.assertEqual(hash_cost.total(14, expires=True), 24 + 16 + 16 + 24 + 7168)
        hash_cost.add(*pairs[512])
        self.assertFalse(hash_cost.is_listpack)
        self.assertEqual(hash_cost.total(14), 24 + 16 + 16 + 56 + 8 * 1024 + 513 * (24 + 8 + 16))

    def test_sizes_instead_of_values(self):
        hash_cost = cost.HashCost(self.server)
        hash_cost.add(2, 65)
        self.assertFalse(hash_cost.is_listpack)
        same = cost.HashCost(self.server)
        same.add(b"ab", b"v" * 65)
        self.assertEqual(hash_cost.total(10), same.total(10))

    def test_wrong_arguments(self):
        for call in (
            lambda: cost.string("redis-7.2", 10, 10),
            lambda: cost.string(self.server, "text", 10),
            lambda: cost.string(self.server, 10, "text"),
            lambda: cost.string(self.server, 10, None),
            lambda: cost.HashCost(None),
            lambda: cost.HashCost(self.server).add("f", b"v"),
            lambda: cost.index(self.server, 1.5),
        ):
            with self.assertRaises(TypeError):
                call()
        for call in (
            lambda: cost.string(self.server, -1, 10),
            lambda: cost.index(self.server, 2**64),
            lambda: self.server.allocation(-1),
        ):
            with self.assertRaises(ValueError):
                call()


if __name__ == "__main__":
    unittest.main()
