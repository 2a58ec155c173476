#!/usr/bin/env python3
"""Writes realistic sets of values, one file per set, the same bytes every time.

usage: generate.py FOLDER [--set NAME]... [--count N]     NAME.txt or NAME.jsonl, one value per line
       generate.py --list                                 names of the sets

The values are made up from the lists in words.py; no personal data is in them.
"""

import argparse
import bisect
import functools
import itertools
import json
import random
import sys
from pathlib import Path

import words

SEED = 20261121
COUNT = 8000
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


# ---- Long values ------------------------------------------------------------------------------
def session(rng):
    created = moment(rng, 30)
    thing = {
        "sid": text(rng, NANOID, 21), "user_id": rng.randrange(1, 2000000),
        "email": email(rng), "name": name(rng),
        "role": often(rng, ["member", "editor", "admin", "support"]), "locale": often(rng, words.LOCALES),
        "tz": often(rng, words.TIME_ZONES), "ip": ipv4(rng), "created": iso(created),
        "expires": created + rng.choice([3600, 86400, 1209600]), "csrf": text(rng, HEX, 32),
        "flags": {"mfa": rng.random() < 0.3, "beta": rng.random() < 0.1},
    }
    if rng.random() < 0.4:
        skus = [f"{text(rng, 'ABCDEF', 2)}-{rng.randrange(10000):04d}" for _ in range(rng.randrange(1, 4))]
        thing["cart"] = [{"sku": sku, "qty": rng.randrange(1, 5)} for sku in skus]
    if rng.random() < 0.2:
        thing["flash"] = None
    return compact(thing)


def log_line(rng):
    service = often(rng, words.SERVICES)
    took = rng.randrange(1, 60) if rng.randrange(9) else rng.randrange(60, 4000)
    message = rng.choice([
        f"{rng.choice(['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE'])} {often(rng, words.PATHS)} "
        f"{rng.choice([200, 200, 200, 200, 201, 204, 301, 400, 401, 404, 500])} {took}ms ip={ipv4(rng)}",
        f"job {rng.choice(words.SKILLS)}.{rng.choice(['sync', 'rebuild', 'notify', 'expire'])} "
        f"finished in {took} ms, {rng.randrange(500)} rows",
        f"cache miss key={rng.choice(words.SKILLS)}:{rng.randrange(10**6)} took={took}ms",
        f"user {rng.randrange(10**6)} logged in from {ipv4(rng)}",
        f"retry {rng.randrange(1, 6)}/5 connecting to {rng.choice(words.SERVICES)}-{rng.randrange(4)}:"
        f"{rng.choice([5432, 6379, 9092])}: connection refused",
    ])
    when = iso(moment(rng, 3), f".{rng.randrange(1000):03d}")
    return f"{when} {rng.choice(words.LEVELS)} [{service}] {message}"


def product(rng):
    picked = [rng.choice(words.ADJECTIVES), rng.choice(words.ADJECTIVES), rng.choice(words.NOUNS)]
    return " ".join(picked).capitalize()


def html_fragment(rng):
    number = rng.randrange(100000)
    if rng.randrange(2):
        return (f'<div class="card product" data-id="{number}">'
                f'<a href="/products/{number}" class="card-link"><img src="/images/{text(rng, HEX, 12)}.jpg" '
                f'alt="{product(rng)}" loading="lazy" width="320" height="240"></a>'
                f'<h3 class="card-title">{product(rng)}</h3>'
                f'<p class="card-text">{sentence(rng)} {sentence(rng)}</p>'
                f'<span class="price">&euro;{price(rng):.2f}</span>'
                f'<button class="btn btn-primary" data-action="add-to-cart">Add to cart</button></div>')
    return (f'<article class="comment" id="comment-{number}"><header><strong>{name(rng)}</strong> '
            f'<time datetime="{iso(moment(rng))}">{rng.randrange(2, 30)} days ago</time></header>'
            + "".join(f"<p>{sentence(rng)} {sentence(rng)}</p>" for _ in range(rng.randrange(1, 4)))
            + f'<footer><a href="#" class="reply">Reply</a> &middot; {rng.randrange(40)} likes</footer>'
            + "</article>")


def order_item(rng):
    return {"id": rng.randrange(100000), "title": product(rng), "quantity": rng.randrange(1, 4),
            "unit_price": price(rng), "tags": sorted({rng.choice(words.ADJECTIVES) for _ in range(3)})}


def api_response(rng):
    items = [order_item(rng) for _ in range(rng.randrange(1, 8))]
    return compact({
        "status": "ok", "request_id": uuid(rng), "generated_at": iso(moment(rng, 3)),
        "data": {
            "order": {"id": object_id(rng),
                      "state": often(rng, ["paid", "shipped", "delivered", "cancelled"]),
                      "currency": often(rng, words.CURRENCIES), "items": items,
                      "total": round(sum(item["quantity"] * item["unit_price"] for item in items), 2)},
            "customer": {"id": rng.randrange(10**6), "name": name(rng), "email": email(rng),
                         "address": {"city": often(rng, words.CITIES), "country": often(rng, words.COUNTRIES),
                                     "postcode": f"{rng.randrange(1000, 99999)}"}},
            "note": sentence(rng) if rng.random() < 0.3 else None},
        "links": {"self": url(rng), "next": None}})


def one_by_one(make):
    return lambda rng, count: [make(rng) for _ in range(count)]


def decimal_ids(rng, count):
    steps = itertools.accumulate(rng.randrange(1, 60) for _ in range(count))
    return [str(4810000000 + step) for step in steps]


SETS = {
    "sessions": one_by_one(session),
    "job_titles": one_by_one(job_title),
    "names": one_by_one(name),
    "emails": one_by_one(email),
    "urls": one_by_one(url),
    "user_agents": one_by_one(user_agent),
    "ids_decimal": decimal_ids,
    "ids_object": one_by_one(object_id),
    "ids_ulid": one_by_one(ulid),
    "ids_nanoid": one_by_one(lambda rng: text(rng, NANOID, 21)),
    "uuids": one_by_one(uuid),
    "timestamps_iso": one_by_one(timestamp_iso),
    "timestamps_ms": one_by_one(lambda rng: str(moment(rng) * 1000 + rng.randrange(1000))),
    "ipv4": one_by_one(ipv4),
    "moves": one_by_one(moves),
    "countries": one_by_one(lambda rng: often(rng, words.COUNTRIES)),
    "metrics": one_by_one(metric),
    "log_lines": one_by_one(log_line),
    "html_fragments": one_by_one(html_fragment),
    "api_responses": one_by_one(api_response),
}
SHOWN = tuple(SETS)  # in README.md and in the demo
JSON_SETS = ("sessions", "api_responses")


def generate(set_name, count=COUNT):
    """The values of a set as bytes; each set has a random sequence of its own."""
    return [value.encode() for value in SETS[set_name](random.Random(f"{SEED} {set_name}"), count)]


def write_set(folder, set_name, count):
    ending = "jsonl" if set_name in JSON_SETS else "txt"
    path = Path(folder) / f"{set_name}.{ending}"
    path.write_bytes(b"".join(value + b"\n" for value in generate(set_name, count)))
    return path


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", help="where the files go; made if missing")
    parser.add_argument("--set", action="append", choices=list(SETS), metavar="NAME",
                        help="one set; repeatable")
    parser.add_argument("--count", type=int, default=COUNT, help="values per set (default %(default)s)")
    parser.add_argument("--list", action="store_true", help="print the names of the sets")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(SETS))
        return
    if arguments.folder is None or arguments.count < 1:
        parser.error("give a FOLDER and a --count of 1 or more")
    try:
        Path(arguments.folder).mkdir(parents=True, exist_ok=True)
        for set_name in arguments.set or SETS:
            write_set(arguments.folder, set_name, arguments.count)
    except OSError as error:
        sys.exit(f"generate.py: {error}")


if __name__ == "__main__":
    main()
