"""XXH64 of seed 0, from its specification."""


def xxh64(data):
    p1, p2, p3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
    p4, p5, mask = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5, 2**64 - 1

    def turn(x, by):
        return (x << by | x >> 64 - by) & mask

    def mix(lane, word):
        return turn((lane + word * p2) & mask, 31) * p1 & mask

    def words(start, size, count):
        return (int.from_bytes(data[i : i + size], "little") for i in range(start, start + size * count, size))

    at, lanes = 0, [p1 + p2 & mask, p2, 0, -p1 & mask]
    while len(data) - at >= 32:
        lanes = [mix(lane, word) for lane, word in zip(lanes, words(at, 8, 4))]
        at += 32
    h = p5
    if at:
        h = sum(turn(lane, by) for lane, by in zip(lanes, (1, 7, 12, 18))) & mask
        for lane in lanes:
            h = ((h ^ mix(0, lane)) * p1 + p4) & mask
    h = h + len(data) & mask
    while len(data) - at >= 8:
        (word,) = words(at, 8, 1)
        h, at = (turn(h ^ mix(0, word), 27) * p1 + p4) & mask, at + 8
    if len(data) - at >= 4:
        (word,) = words(at, 4, 1)
        h, at = (turn(h ^ word * p1 & mask, 23) * p2 + p3) & mask, at + 4
    for byte in data[at:]:
        h = turn(h ^ byte * p5 & mask, 11) * p1 & mask
    h = (h ^ h >> 33) * p2 & mask
    h = (h ^ h >> 29) * p3 & mask
    return h ^ h >> 32
