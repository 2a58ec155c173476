"""What the values of generate.py are made of: words, people, addresses, ids, moments, user agents."""

import bisect
import functools
import itertools
import json

import words

NOW = 1763000000  # seconds since 1970; the moment around which the timestamps lie

HEX = "0123456789abcdef"
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
NANOID = BASE62 + "_-"
UNACCENTED = str.maketrans("łáäåãâçčéêëíîïñóöøõúüýşřěůž", "laaaaacceeeiiinoooouuysreuz")


# ---- Draws ------------------------------------------------------------------------------------
@functools.lru_cache(maxsize=None)
def falling_weights(count):
    return list(itertools.accumulate(1000000 // (rank + 5) for rank in range(count)))


def often(rng, entries):
    """One of entries; the first is about n / 5 times as common as the n-th, as words and names are."""
    weights = falling_weights(len(entries))
    return entries[bisect.bisect(weights, rng.randrange(weights[-1]))]


def text(rng, alphabet, size):
    return "".join(rng.choice(alphabet) for _ in range(size))


def slug(rng, size):
    return "-".join(often(rng, words.COMMON_WORDS[8:]) for _ in range(size))


def sentence(rng):
    picked = [often(rng, words.COMMON_WORDS) for _ in range(rng.randrange(5, 14))]
    picked.insert(rng.randrange(len(picked)), rng.choice(words.NOUNS))
    return " ".join(picked).capitalize() + rng.choice("....!?")


def price(rng):
    return rng.randrange(2, 250) + rng.choice([0.99, 0.5, 0.0, 0.95, rng.randrange(100) / 100])


def iso(seconds, fraction=""):
    """ISO 8601 in UTC without the calendar of the machine."""
    days, rest = divmod(seconds, 86400)
    days += 719468  # days since 1970 to days since 0000-03-01
    era, day = divmod(days, 146097)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    date = (era * 400 + year + (month > 9), (month + 2) % 12 + 1, day - (153 * month + 2) // 5 + 1)
    clock = (rest // 3600, rest // 60 % 60, rest % 60)
    return "%04d-%02d-%02dT%02d:%02d:%02d%sZ" % (*date, *clock, fraction)


def moment(rng, days=400):
    return NOW - rng.randrange(days * 86400)


def compact(thing):
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":"))


# ---- People and the web -----------------------------------------------------------------------
def name(rng):
    middle = rng.choice(["", "", "", "", "", rng.choice("ABCDEFGHJKLMPRST") + ". "])
    return f"{often(rng, words.FIRST_NAMES)} {middle}{often(rng, words.LAST_NAMES).replace('-', ' ')}"


def plain(word):
    """A word as it stands in addresses: ASCII and lower case."""
    folded = word.lower().translate(UNACCENTED)
    return "".join(letter for letter in folded if letter.isascii() and letter.isalpha())


def email(rng):
    first, last = plain(often(rng, words.FIRST_NAMES)), plain(often(rng, words.LAST_NAMES))
    number = rng.choice(["", "", str(rng.randrange(100)), str(rng.randrange(1950, 2010))])
    local = rng.choice([f"{first}.{last}", f"{first}{last}", f"{first[0]}{last}", f"{first}_{last}", first])
    if rng.randrange(4) == 0:
        return f"{first}.{last}@{site(rng)}"
    domain = words.MAIL_DOMAINS[0] if rng.randrange(3) == 0 else often(rng, words.MAIL_DOMAINS)
    return f"{local}{number}@{domain}"


def site(rng):
    return f"{rng.choice(words.COMPANIES)}.{rng.choice(words.TOP_DOMAINS)}"


def url(rng):
    start = f"https://{rng.choice(['www.', 'www.', '', 'shop.', 'blog.', 'm.'])}{site(rng)}"
    query = rng.choice(["", "", "", f"?page={rng.randrange(1, 40)}", f"?ref={text(rng, BASE62, 8)}"])
    path = rng.choice([
        f"/products/{rng.choice(words.ADJECTIVES)}-{rng.choice(words.NOUNS)}-{rng.randrange(100000)}",
        f"/blog/{rng.randrange(2015, 2026)}/{rng.randrange(1, 13):02d}/{slug(rng, rng.randrange(2, 7))}",
        f"/category/{rng.choice(words.NOUNS)}s",
        f"/users/{rng.randrange(10**6)}/{rng.choice(['profile', 'orders', 'settings'])}",
        f"/images/{text(rng, HEX, 12)}.{rng.choice(['jpg', 'png', 'webp'])}",
        "/",
    ])
    return start + path + query


def phone_agent(rng, webkit, chrome):
    phone = f"Linux; Android {rng.randrange(8, 16)}; {often(rng, words.PHONES)}"
    if rng.randrange(3) == 0:
        phone += f" Build/{rng.choice(words.BUILDS)}"
    start = f"Mozilla/5.0 ({phone}{rng.choice(['', '', '; wv'])}) {webkit}"
    samsung = f"SamsungBrowser/{rng.randrange(14, 29)}.{rng.randrange(3)} " if rng.randrange(5) == 0 else ""
    opera = f" OPR/{rng.randrange(60, 90)}.{rng.randrange(4)}.{rng.randrange(4500)}.{rng.randrange(60000)}"
    facebook = f" [FB_IAB/FB4A;FBAV/{rng.randrange(380, 530)}.0.0.{rng.randrange(60)}.{rng.randrange(120)};]"
    return f"{start} {samsung}Chrome/{chrome} Mobile Safari/537.36{rng.choice(['', '', '', opera, facebook])}"


def apple_agent(rng):
    major, minor = rng.randrange(13, 19), rng.randrange(8)
    device = rng.choice(["iPhone; CPU iPhone OS", "iPhone; CPU iPhone OS", "iPad; CPU OS"])
    system = f"{major}_{minor}{rng.choice(['', f'_{rng.randrange(1, 4)}'])}"
    start = f"Mozilla/5.0 ({device} {system} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    safari = f"Version/{major}.{minor} Mobile/15E148 Safari/604.1"
    chrome = f"CriOS/{rng.randrange(100, 142)}.0.{rng.randrange(4500, 7500)}.{rng.randrange(200)}"
    build = f"Mobile/{rng.randrange(15, 23)}{rng.choice('ABCDEFGH')}{rng.randrange(50, 500)}"
    instagram = f"Instagram {rng.randrange(200, 400)}.0.0.{rng.randrange(10, 40)}.{rng.randrange(60, 120)}"
    rest = rng.choice([safari, safari, f"{chrome} Mobile/15E148 Safari/604.1", f"{build} {instagram}"])
    return f"{start} {rest}"


def app_agent(rng):
    """Programs on phones, each with a name and an order of things of its own."""
    app = rng.choice(words.COMPANIES).capitalize() + rng.choice(["", "App", "Mobile", "-Android", " Go"])
    version = f"{rng.randrange(1, 30)}.{rng.randrange(60)}.{rng.randrange(20)}"
    android = f"Android {rng.randrange(8, 16)}; {often(rng, words.PHONES)}"
    ios = f"{rng.randrange(13, 19)}.{rng.randrange(8)}"
    return rng.choice([
        f"{app}/{version} ({android}; {often(rng, words.LOCALES)}; build {rng.randrange(100000)})",
        f"{app}/{rng.randrange(100000)} CFNetwork/{rng.randrange(1200, 1500)}.{rng.randrange(8)} "
        f"Darwin/{rng.randrange(20, 25)}.{rng.randrange(7)}.0",
        f"{app} {version} rv:{rng.randrange(100000)} (iPhone; iOS {ios}; {often(rng, words.LOCALES)})",
        f"Dalvik/2.1.0 (Linux; U; {android} Build/{rng.choice(words.BUILDS)}) {app}/{version}"])


def program_agent(rng):
    bot = rng.choice(words.BOTS)
    return rng.choice([
        f"curl/{rng.randrange(7, 9)}.{rng.randrange(90)}.{rng.randrange(3)}",
        f"python-requests/2.{rng.randrange(18, 33)}.{rng.randrange(3)}",
        f"okhttp/{rng.randrange(3, 5)}.{rng.randrange(13)}.{rng.randrange(3)}",
        f"Mozilla/5.0 (compatible; {bot}/{rng.randrange(1, 8)}.{rng.randrange(3)}; "
        f"+http://www.{bot.lower()}.com/bot)"])


def user_agent(rng):
    webkit = "AppleWebKit/537.36 (KHTML, like Gecko)"
    version = rng.randrange(95, 142)
    chrome = f"{version}.0." + rng.choice(["0.0", "0.0", f"{rng.randrange(4600, 7500)}.{rng.randrange(220)}"])
    desktop = often(rng, [
        "Windows NT 10.0; Win64; x64",
        f"Macintosh; Intel Mac OS X 10_{rng.randrange(13, 16)}_{rng.randrange(8)}",
        "X11; Linux x86_64", "Windows NT 6.1; Win64; x64", "X11; Ubuntu; Linux x86_64",
        "Windows NT 10.0; WOW64"])
    kind = rng.randrange(10)
    if kind < 4:
        edge = f" Edg/{version}.0.{rng.randrange(1000, 3800)}.{rng.randrange(120)}"
        end = rng.choice(["", "", "", edge])
        return f"Mozilla/5.0 ({desktop}) {webkit} Chrome/{chrome} Safari/537.36{end}"
    if kind == 4:
        return f"Mozilla/5.0 ({desktop}; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"
    if kind < 7:
        return phone_agent(rng, webkit, chrome)
    return apple_agent(rng) if kind < 8 else rng.choice([app_agent, app_agent, program_agent])(rng)


def job_title(rng):
    role = often(rng, words.ROLES)
    title = rng.choice([f"{often(rng, words.FIELDS)} {role}", role if rng.randrange(3) == 0 else
                        f"{often(rng, words.SENIORITIES)} {often(rng, words.FIELDS)} {role}"])
    city = f" - {often(rng, words.CITIES)}"
    end = rng.choice(["", "", "", "", "", " I", " II", " (m/w/d)", " - Remote", city])
    return title.lower() if rng.randrange(20) == 0 else title + end


def ipv4(rng):
    if rng.randrange(4) == 0:
        return f"10.{rng.randrange(4)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"
    return f"{rng.randrange(1, 224)}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"


# ---- Ids and numbers --------------------------------------------------------------------------
def object_id(rng):
    process = rng.choice(["5f1b7c2a90", "a1e04d77c3", "3c99e2b105"])
    return f"{moment(rng):08x}{process}{rng.randrange(1 << 24):06x}"


def ulid(rng):
    number = (moment(rng) * 1000 + rng.randrange(1000)) << 80 | rng.getrandbits(80)
    return "".join(BASE32[number >> shift & 31] for shift in range(125, -1, -5))


def uuid(rng):
    digits = text(rng, HEX, 32)
    digits = digits[:12] + "4" + digits[13:16] + rng.choice("89ab") + digits[17:]
    return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])


def timestamp_iso(rng):
    kind = rng.randrange(10)
    return iso(moment(rng), "" if kind == 0 else f".{rng.randrange(1000):03d}")


def metric(rng):
    temperature = 1150 + sum(rng.randrange(500) for _ in range(4))
    return rng.choice([
        f"{rng.randrange(1000) / 1000:.3f}", f"{rng.randrange(10000) / 100:.2f}", f"{temperature / 100:.2f}",
        f"{rng.randrange(1000) / 10:.1f}"])


def moves(rng):
    size = rng.randrange(6, 41)
    return "".join(rng.choice("LRS") for _ in range(size))
