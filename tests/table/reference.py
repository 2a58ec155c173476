"""A decoder of packed tables, written from codec/FORMAT.md alone. Values of the kind "encoded" are left to a function."""

from xxh64 import xxh64

MOST_RECORDS, MOST_BYTES, MOST_FIELD = 1 << 24, 1 << 30, 65535
LINE, GAPS, STRINGS = range(3)
VALUE_LINE, VALUE_GAPS, DELTAS, FRAME, CHOICE, BYTES, ENCODED = range(7)


class Damage(Exception):
    pass


def check(fact, text):
    if not fact:
        raise Damage(text)


# ---- Readers ------------------------------------------------------------------------------------
class Reader:
    """The head, by bytes."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        check(self.at + size <= len(self.data), "cut off")
        self.at += size
        return self.data[self.at - size : self.at]

    def byte(self, most=255):
        byte = self.take(1)[0]
        check(byte <= most, "too large")
        return byte

    def number(self, most=2**64 - 1):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                check(byte or shift == 7, "a varint that is too long")
                check(value <= most, "too large")
                return value

    def signed(self):
        number = self.number()
        return -(number + 1) // 2 if number & 1 else number // 2


class Bits:
    """A bit string."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        first, self.at = self.at, self.at + count
        check(self.at <= 8 * len(self.data), "cut off")
        whole = int.from_bytes(self.data[first // 8 : (self.at + 7) // 8], "big")
        return whole >> -self.at % 8 & (1 << count) - 1

    def pad(self):
        check(self.take(-self.at % 8) == 0, "padding that is not zero")

    def end(self):
        self.pad()
        check(self.at == 8 * len(self.data), "something follows")


class Code:
    def __init__(self, r, most=64):
        g, self.width = r.byte(), r.byte(most)
        check(self.width or g == 0, "no such code")
        self.plain = g == 255 or self.width == 0
        if not self.plain:
            k, f = divmod(g, 4)
            check(k < self.width and (k > 0 or f == 0) and (k != 1 or f % 2 == 0), "no such code")
            self.m = (4 + f) * 2**k // 4

    def read(self, bits):
        if self.plain:
            return bits.take(self.width)
        q = 0
        while q < 16 and bits.take(1):
            q += 1
        if q == 16:
            n = bits.take(self.width)
            check(n >= 16 * self.m, "an escape for nothing")
            return n
        c = (self.m - 1).bit_length()
        u = 2**c - self.m
        r = bits.take(c - 1) if c else 0
        if c and r >= u:
            r = 2 * r + bits.take(1) - u
        n = q * self.m + r
        check(n < 1 << self.width, "more bits than the code has")
        return n


class Characters:
    def __init__(self, r=None):
        self.low, self.bits = (r.byte(), r.byte(8)) if r else (0, 8)
        check(self.bits and (self.bits < 8 or self.low == 0), "no such bytes")

    def read(self, bits, size):
        if self.bits == 8 and bits.at % 8 == 0:
            start = bits.at // 8
            bits.at += 8 * size
            check(bits.at <= 8 * len(bits.data), "cut off")
            return bits.data[start : start + size]
        check(bits.at + size * self.bits <= 8 * len(bits.data), "cut off")
        text = [self.low + bits.take(self.bits) for _ in range(size)]
        check(max(text, default=0) <= 255, "a byte above FF")
        return bytes(text)


def wrapped(number):
    return (number + 2**63) % 2**64 - 2**63


def in_range(number):
    check(-(2**63) <= number < 2**63, "beyond 64 bits")
    return number


# ---- Columns ------------------------------------------------------------------------------------
class Column:
    def __init__(self, r, padded):
        self.digits = r.byte(18) if padded else None
        check(self.digits != 0, "no digits")

    def text(self, number):
        if self.digits is None:
            return b"%d" % number
        check(0 <= number < 10**self.digits, "more digits than there are")
        return b"%0*d" % (self.digits, number)


class Fields(Column):
    def __init__(self, r, kind, padded, blocks):
        super().__init__(r, padded)
        self.kind, self.blocks = kind, blocks
        if kind == STRINGS:
            self.least = r.number()
            self.sizes, self.suffixes, self.characters = Code(r, 16), Code(r, 16), Characters(r)
            self.separators_size = r.number(MOST_BYTES) if blocks > 1 else 0
            self.entry_bits = self.separators_size.bit_length()
            return
        self.base, self.least = r.signed(), r.number() + 1
        if kind == GAPS:
            self.code = Code(r)
            self.entry_bits = r.byte(64) if blocks > 1 else 0

    def read(self, bits, place, i, before):
        """Record i of a block, place = its number and that of its first record; the field before is bytes or an int."""
        block, first = place
        if self.kind == LINE:
            return in_range(self.base + (first + i) * self.least)
        if self.kind == GAPS:
            return self.firsts[block] if i == 0 else in_range(before + self.least + self.code.read(bits))
        size = self.least + self.sizes.read(bits)
        check(size <= MOST_FIELD, "a field that is too long")
        if i == 0:
            return self.characters.read(bits, size)
        suffix = self.suffixes.read(bits) + 1
        shared = size - suffix
        check(0 <= shared <= len(before), "a field that is not made of the one before")
        text = self.characters.read(bits, suffix)
        check(shared == len(before) or text[0] > before[shared], "fields out of order")
        return before[:shared] + text

    def check_block(self, block, fields):
        """The fields of a block lie where the index says."""
        if self.kind == STRINGS:
            check(block == 0 or fields[0].startswith(self.firsts[block]), "not the first field of the index")
        if block + 1 < self.blocks and self.kind != LINE:
            following = self.firsts[block + 1]
            check(fields[-1] < following, "fields out of order")
            check(self.kind == GAPS or fields[-1].startswith(following[:-1]), "a separator that is too long")


class Values(Column):
    def __init__(self, r, kind, padded, decode):
        super().__init__(r, padded)
        self.kind, self.decode = kind, decode
        if kind == VALUE_LINE:
            self.base, self.step = r.signed(), r.signed()
        elif kind == VALUE_GAPS:
            self.least, self.code, self.base, self.width = r.signed(), Code(r), r.signed(), r.byte(64)
        elif kind == DELTAS:
            self.code, self.base, self.width = Code(r), r.signed(), r.byte(64)
        elif kind == FRAME:
            self.base, self.s, self.radix, self.group = r.signed(), r.byte(63), r.number(), r.byte(64)
            check(self.radix and self.group and self.radix**self.group <= 2**64, "no such frame")
            check((self.radix - 1) << self.s < 2**64, "no such frame")
        elif kind == CHOICE:
            self.choice = [r.take(r.number()) for _ in range(r.number(256))]
            check(self.choice and all(a < b for a, b in zip(self.choice, self.choice[1:])), "no choice")
        else:
            self.least, self.sizes = r.number(), Code(r, 31)
            self.characters = Characters(r if kind == BYTES else None)
        self.one_size = kind in (BYTES, ENCODED) and self.sizes.width == 0

    def fixed(self):
        return self.kind in (VALUE_LINE, FRAME, CHOICE) or self.one_size

    def bits_of_fixed(self, count):
        if self.kind == FRAME:
            whole, rest = divmod(count, self.group)
            digits = [(self.radix**e - 1).bit_length() for e in (self.group, rest)]
            return whole * digits[0] + digits[1] + count * self.s
        if self.kind == CHOICE:
            return count * (len(self.choice) - 1).bit_length()
        return count * 8 * self.least if self.kind == ENCODED else count * self.least * self.characters.bits \
            if self.kind == BYTES else 0

    def read_fixed(self, bits, first, count):
        """The values of a block that come first, or the line; None for other kinds."""
        if self.kind == VALUE_LINE:
            return [in_range(self.base + (first + i) * self.step) for i in range(count)]
        if self.kind == FRAME:
            return self.read_frame(bits, count)
        if self.kind == CHOICE:
            picks = [bits.take((len(self.choice) - 1).bit_length()) for _ in range(count)]
            check(max(picks) < len(self.choice), "no such choice")
            return [self.choice[pick] for pick in picks]
        return [self.characters.read(bits, self.least) for _ in range(count)] if self.one_size else None

    def read_frame(self, bits, count):
        high = []
        while len(high) < count:
            digits = min(self.group, count - len(high))
            number = bits.take((self.radix**digits - 1).bit_length())
            check(number < self.radix**digits, "a group that is too large")
            for _ in range(digits):
                number, digit = divmod(number, self.radix)
                high.append(digit)
        return [in_range(self.base + (h << self.s) + bits.take(self.s)) for h in high]

    def read(self, bits, i, before):
        """What stands beside the field: the integer, or the size of the value."""
        if self.kind in (BYTES, ENCODED):
            return self.least + self.sizes.read(bits)
        if i == 0:
            return wrapped(self.base + bits.take(self.width))
        n = self.code.read(bits)
        if self.kind == VALUE_GAPS:
            return wrapped(before + self.least + n)
        return wrapped(before + (-(n + 1) // 2 if n & 1 else n // 2))

    def finished(self, values):
        if self.kind <= FRAME:
            return [self.text(value) for value in values]
        return [self.decode(value) for value in values] if self.kind == ENCODED else values


# ---- Tables -------------------------------------------------------------------------------------
class Reference:
    """The head of a table. With verify=False the checks may be wrong."""

    def __init__(self, data, decode, verify=True):
        r = self.reader = Reader(data)
        self.data, self.fields, self.blocks, self.starts = data, None, 0, []
        check(r.take(2) == b"\xC1\x40", "no table")
        kinds = r.byte()
        self.count, size = r.number(MOST_RECORDS), r.number(MOST_BYTES)
        check(size == len(data), "not the size that it has")
        if self.count:
            self.read_columns(r, kinds, decode)
            self.read_index(r)
        else:
            check(kinds == 0, "kinds of nothing")
        self.check_at = r.at
        right = xxh64(data[: r.at]) % 2**32
        check(int.from_bytes(r.take(4), "little") == right or not verify, "wrong head check")
        self.head_size = r.at
        self.find_blocks()
        if verify:
            self.verify()

    def read_columns(self, r, kinds, decode):
        padded_fields, field_kind, padded_values, value_kind = kinds >> 6 & 1, kinds >> 4 & 3, kinds >> 3 & 1, kinds & 7
        check(field_kind < 3 and value_kind < 7, "unsupported")
        check(not (padded_fields and field_kind == STRINGS), "padded strings")
        check(not (padded_values and value_kind > FRAME), "padded strings")
        self.per_block = 128 if field_kind == LINE else 64
        self.blocks = (self.count + self.per_block - 1) // self.per_block
        self.prefix = r.take(r.number(MOST_FIELD)) if kinds & 128 else b""
        check(self.prefix or kinds < 128, "an empty prefix")
        self.fields = Fields(r, field_kind, padded_fields, self.blocks)
        self.values = Values(r, value_kind, padded_values, decode)
        self.fixed = field_kind == LINE and self.values.fixed()
        self.start_bits = r.byte(30) if self.blocks > 1 and not self.fixed else 0
        self.both = field_kind != LINE and not self.values.fixed()
        self.split_bits = r.byte(32) if self.both else 0

    def read_index(self, r):
        fields, self.checks_at = self.fields, r.at
        empty = self.fixed and self.values.bits_of_fixed(self.per_block if self.blocks > 1 else self.count) == 0
        self.checks = [] if empty else [int.from_bytes(r.take(2), "big") for _ in range(self.blocks)]
        entry = (fields.entry_bits if fields.kind != LINE else 0) + self.start_bits
        bits = Bits(r.take((entry * (self.blocks - 1) + 7) // 8))
        firsts, self.starts = [], [0]
        for _ in range(self.blocks - 1):
            firsts.append(bits.take(fields.entry_bits) if fields.kind != LINE else 0)
            self.starts.append(bits.take(self.start_bits))
        bits.end()
        if fields.kind == STRINGS:
            separators = r.take(fields.separators_size)
            check(all(a < b for a, b in zip([0, *firsts], firsts)), "separators out of order")
            check(not firsts or firsts[-1] == len(separators), "something follows")
            fields.firsts = [b"", *(separators[a:b] for a, b in zip([0, *firsts], firsts))]
        elif fields.kind == GAPS:
            fields.firsts = [fields.base, *(in_range(fields.base + first) for first in firsts)]
        if fields.kind != LINE:
            check(all(a < b for a, b in zip(fields.firsts, fields.firsts[1:])), "blocks out of order")

    def find_blocks(self):
        if self.blocks and self.fixed:
            size = (self.values.bits_of_fixed(self.per_block) + 7) // 8
            last = (self.values.bits_of_fixed(self.count - self.per_block * (self.blocks - 1)) + 7) // 8
            self.starts = [size * block for block in range(self.blocks)] + [size * (self.blocks - 1) + last]
        else:
            self.starts.append(len(self.data) - self.head_size)
        check(all(a <= b for a, b in zip(self.starts, self.starts[1:])), "blocks out of order")
        check(self.starts[-1] == len(self.data) - self.head_size or not self.blocks, "not where the blocks end")
        check(self.blocks or self.head_size == len(self.data), "something follows")

    def block(self, number):
        return self.data[self.head_size + self.starts[number] : self.head_size + self.starts[number + 1]]

    def verify(self):
        if self.blocks and self.checks:
            right = [int.from_bytes(self.block(i), "big") % 65521 for i in range(self.blocks)]
            check(right == self.checks, "wrong checks")

    def records_of(self, block):
        first, bits = self.per_block * block, Bits(self.block(block))
        count = min(self.per_block, self.count - first)
        fields, values = [], self.values.read_fixed(bits, first, count)
        sizes = [] if values is None else None
        split = bits.take(self.split_bits)
        split += bits.at
        for i in range(count):
            fields.append(self.fields.read(bits, (block, first), i, fields[-1] if fields else None))
        check(bits.at == split or not self.both, "fields that do not end where values begin")
        if sizes is not None:
            for i in range(count):
                sizes.append(self.values.read(bits, i, sizes[-1] if sizes else None))
        if sizes is not None and self.values.kind in (BYTES, ENCODED):
            bits.pad()
            values = [self.values.characters.read(bits, size) for size in sizes]
        bits.end()
        self.fields.check_block(block, fields)
        texts = fields if self.fields.kind == STRINGS else [self.fields.text(field) for field in fields]
        texts = [self.prefix + text for text in texts]
        check(max(map(len, texts)) <= MOST_FIELD, "a field that is too long")
        return list(zip(texts, self.values.finished(sizes if values is None else values)))

    def records(self):
        return [record for block in range(self.blocks) for record in self.records_of(block)]


def sealed(data):
    """The table with all checks made right, as far as its head can be read."""
    table = Reference(data, None, verify=False)
    data = bytearray(data)
    for i in range(len(table.checks) if table.blocks else 0):
        right = int.from_bytes(table.block(i), "big") % 65521
        data[table.checks_at + 2 * i : table.checks_at + 2 * i + 2] = right.to_bytes(2, "big")
    data[table.check_at : table.check_at + 4] = (xxh64(data[: table.check_at]) % 2**32).to_bytes(4, "little")
    return bytes(data)
