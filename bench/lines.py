"""Makers of lines: logs, rows of tables, places, names of things, and what people write."""

import words
from draws import NOW, ipv4, iso, moment, often, plain, price, sentence, site, slug, text, url, user_agent

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PACKAGES = tuple(f"lib{word}" for word in words.SKILLS) + words.NOUNS
SECTIONS = ("main", "main", "main", "contrib")
PROGRAMS = ("tar", "find", "curl", "git commit", "docker run", "rsync", "sed", "ssh", "systemctl", "openssl")
EMOJI = ("😂", "🔥", "👊", "🎉", "😭", "❤️", "👏🏼", "🙏", "💪")
STATES = ("queued", "running", "succeeded", "failed", "retrying", "cancelled", "expired", "waiting for input")


def day_and_clock(rng):
    """Month, day, time of day of the last weeks."""
    when = iso(moment(rng, 30))
    return MONTHS[int(when[5:7]) - 1], when[8:10], when[11:19], when[:4]


def access_line(rng):
    month, day, clock, year = day_and_clock(rng)
    path = rng.choice([f"/{slug(rng, 2)}/", f"/images/{rng.choice(words.NOUNS)}-{rng.randrange(40)}.png",
                       often(rng, words.PATHS), f"/blog/{slug(rng, 4)}.html"])
    referer = rng.choice(["-", "-", url(rng), f"https://www.{rng.choice(words.COMPANIES)}.com/"])
    return (f'{ipv4(rng)} - - [{day}/{month}/{year}:{clock} +0000] "GET {path} HTTP/1.1" '
            f'{rng.choice([200, 200, 200, 304, 404])} {rng.randrange(200, 90000)} "{referer}" '
            f'"{user_agent(rng)}"')


def ssh_line(rng):
    month, day, clock, _ = day_and_clock(rng)
    who, where = plain(often(rng, words.FIRST_NAMES)), ipv4(rng)
    port = f"port {rng.randrange(1024, 65536)} ssh2"
    message = rng.choice([
        f"Failed password for invalid user {who} from {where} {port}",
        f"Failed password for root from {where} {port}",
        f"Invalid user {who} from {where}", f"Accepted publickey for {who} from {where} {port}",
        f"Received disconnect from {where}: 11: Bye Bye [preauth]", f"Connection closed by {where} [preauth]",
        "pam_unix(sshd:auth): check pass; user unknown",
        f"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={where}"])
    return f"{month} {day:>2} {clock} gate{rng.randrange(3)} sshd[{rng.randrange(900, 32000)}]: {message}"


def block_line(rng):
    """A log of a file system's blocks: ids of 19 digits, addresses, classes."""
    block = f"blk_{rng.choice(['', '-'])}{rng.randrange(10**18, 9 * 10**18)}"
    source, target = (f"/10.250.{rng.randrange(20)}.{rng.randrange(256)}:{rng.choice([50010, 40000])}"
                      for _ in range(2))
    message = rng.choice([
        f"dfs.DataNode$PacketResponder: PacketResponder {rng.randrange(3)} for block {block} terminating",
        f"dfs.DataNode$DataXceiver: Receiving block {block} src: {source} dest: {target}",
        f"dfs.FSNamesystem: BLOCK* NameSystem.addStoredBlock: blockMap updated: {source[1:]} is added to "
        f"{block} size 67108864",
        f"dfs.DataNode$PacketResponder: Received block {block} of size {rng.randrange(67108864)} "
        f"from {source[:-6]}"])
    start = f"0811{rng.randrange(9, 12):02d} {rng.randrange(240000):06d}"
    return f"{start} {rng.randrange(30, 30000)} INFO {message}"


def order_row(rng):
    quantity, each = rng.randrange(1, 9), price(rng)
    return (f"{iso(moment(rng), f'.{rng.randrange(1000):03d}')},{rng.randrange(10**5, 10**6)},"
            f"{rng.choice(words.ADJECTIVES)} {rng.choice(words.NOUNS)},{quantity},{each:.2f},"
            f"{quantity * each:.2f},{often(rng, words.CURRENCIES)},{often(rng, words.COUNTRIES)},{often(rng, STATES)}")


def point(rng):
    when = iso(NOW - 300 * rng.randrange(9000))
    load = sum(rng.randrange(1000) for _ in range(4)) / 40
    return f"{when[:10]} {when[11:19]},{rng.choice([f'{load:.3f}', f'{load:.1f}', f'{rng.randrange(12)}'])}"


def help_page(rng):
    """A page on a program in Markdown."""
    program = rng.choice(PROGRAMS)
    lines = [f"# {program}", "", f"> {sentence(rng)}",
             f"> More information: <https://docs.{site(rng)}/{program.replace(' ', '/')}>.", ""]
    for _ in range(rng.randrange(2, 7)):
        option = f"--{rng.choice(words.SKILLS)}" if rng.randrange(2) else f"-{text(rng, 'abcdfnrvx', 1)}"
        command = f"`{program} {option} {{{{path/to/{rng.choice(words.NOUNS)}}}}}`"
        lines += [f"- {sentence(rng)[:-1]}:", "", command, ""]
    return "\n".join(lines)


def place(rng):
    """A city in one of several scripts, now and then with its country."""
    city = often(rng, words.WORLD_CITIES)
    return f"{city}, {often(rng, words.COUNTRIES)}" if rng.randrange(6) == 0 else city


def chess_row(rng):
    row, empty = "", 0
    for _ in range(8):
        piece = rng.choice("pPpPpPpPnNbBrRqQ") if rng.randrange(3) == 0 else ""
        if not piece:
            empty += 1
            continue
        row, empty = row + (str(empty) if empty else "") + piece, 0
    return row + (str(empty) if empty else "")


def chess_position(rng):
    middle = "/".join(chess_row(rng) for _ in range(4))
    start = rng.choice(["r1bq1rk1/ppp2ppp", "rnbqk2r/pp3ppp", "r3kb1r/1pp1pppp", "2r2rk1/p1p1qppp"])
    end = rng.choice(["PPP2PPP/RNBQ1RK1", "PP3PPP/R1BQK2R", "PPPQ1PPP/2KR1B1R", "P4PPP/R2QR1K1"])
    castling = rng.choice(["-", "-", "kq", "KQkq", "KQ"])
    return f"{start}/{middle}/{end} {rng.choice('wb')} {castling} - {rng.randrange(9)} {rng.randrange(6, 30)}"


def phone_number(rng):
    digits = text(rng, "0123456789", 9)
    return rng.choice([
        f"+49 {digits[:3]} {digits[3:]}", f"+44 20 {digits[:4]} {digits[4:8]}",
        f"({digits[:3]}) 555-{digits[3:7]}",
        f"+33 6 {digits[:2]} {digits[2:4]} {digits[4:6]} {digits[6:8]}", f"+1-{digits[:3]}-555-{digits[3:7]}",
        f"0{digits}"])


def coordinates(rng):
    return f"{rng.randrange(36 * 10**6, 60 * 10**6) / 10**6},{rng.randrange(-10 * 10**6, 30 * 10**6) / 10**6}"


def version(rng):
    base = f"{rng.randrange(12)}.{rng.randrange(30)}" + rng.choice(["", f".{rng.randrange(20)}"])
    source = rng.choice(["", "+dfsg", "~rc1", f"+git2023{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"])
    build = rng.choice(["", "", "+b1", ".1", "+deb12u1"])
    return f"{rng.choice(['', '', '', '1:'])}{base}{source}-{rng.randrange(1, 6)}{build}"


def file_path(rng):
    package = rng.choice(PACKAGES)
    start = package[:4] if package.startswith("lib") else package[0]
    kind = rng.choice(["", "-dev", "-doc", "-common", f"{rng.randrange(9)}"])
    return (f"pool/{rng.choice(SECTIONS)}/{start}/{package}/{package}{kind}_{version(rng).replace('1:', '')}_"
            f"{rng.choice(['all', 'amd64', 'amd64', 'arm64'])}.deb")


def ipv6_network(rng):
    first = rng.choice(["2001:", "2001:", "2a00:", "2a02:", "2a0a:", "2606:"])
    return f"{first}{rng.randrange(1 << 16):x}:" + rng.choice([
        ":/32", ":/29", f"{rng.randrange(1 << 16):x}::/48", f"{rng.randrange(1 << 12):x}0::/44"])


def commit_subject(rng):
    verb = rng.choice(["Fix", "Fix", "Add", "Remove", "Improve", "Update", "Refactor", "Document", "Test"])
    rest = " ".join(often(rng, words.COMMON_WORDS) for _ in range(rng.randrange(2, 7)))
    number = f" (#{rng.randrange(9000, 14000)})" if rng.randrange(2) else ""
    return f"{verb} {rng.choice(words.SKILLS)} {rest}{number}"


def post(rng):
    """What people write to each other: mentions, tags, emoji, short links."""
    parts = [sentence(rng)]
    if rng.randrange(2):
        parts.insert(0, f"@{plain(often(rng, words.FIRST_NAMES))}{rng.randrange(100)}")
    parts += [f"#{rng.choice(words.NOUNS)}{rng.choice(words.SKILLS)}" for _ in range(rng.randrange(3))]
    parts += rng.choice([[], [rng.choice(EMOJI) * rng.randrange(1, 5)],
                         [f"https://t.example/{text(rng, 'abcdXYZ0123456789', 10)}"]])
    return " ".join(parts)
