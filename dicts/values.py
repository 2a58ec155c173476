"""Made-up short values: people, places, ids, times, text.

Each function here and in the files beside it that is named in the recipes of build.py takes a sequence of
random numbers and gives an application: a function without arguments that makes its values. Applications
differ in spelling and habits as real ones do, so that a profile of many of them knows what they have in
common, and can be measured on one that it has never seen.
"""

import base64
import datetime
import functools

import draws
import english as language
import facts
import words
from draws import HEX, often, text

BASE64URL = draws.BASE62 + "-_"
LOWER = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"


def mixture(rng, makers):
    """Mostly the values of one maker, or of several: a function that makes them."""
    chosen = [rng.choice(makers) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    made = [maker(rng) for maker in chosen]
    return lambda: often(rng, made)()


def many(rng, make):
    """An application all of whose values are made in the same way."""
    return lambda: make(rng)


# ---- People -----------------------------------------------------------------------------------
@functools.lru_cache(maxsize=None)
def chain(entries):
    """What follows each pair of letters in these words; a space stands before and behind each."""
    following = {}
    for word in entries:
        spelled = f"  {draws.plain(word)} "
        for at in range(2, len(spelled)):
            following.setdefault(spelled[at - 2 : at], []).append(spelled[at])
    return following


def coined(rng, entries):
    """A word that stands in no list, with the letters of these words in their order: most of what a profile
    will see stands in no list."""
    following, spelled = chain(entries), "  "
    while len(spelled) < 14:
        letter = rng.choice(following[spelled[-2:]])
        if letter != " ":
            spelled += letter
        elif len(spelled) > 4:
            break
        else:
            spelled = "  "
    return spelled.strip()


def word(rng, entries):
    return coined(rng, entries) if rng.randrange(3) == 0 else often(rng, entries)


def first_name(rng):
    known = rng.randrange(5) > 0
    return often(rng, words.FIRST_NAMES) if known else coined(rng, words.FIRST_NAMES).capitalize()


def last_name(rng):
    if rng.randrange(2):
        return coined(rng, words.LAST_NAMES).capitalize()
    return often(rng, words.LAST_NAMES).replace("-", " ")


def name(rng):
    plain = rng.randrange(3) == 0
    order = rng.choice(["{0} {1}"] * 6 + [
        "{1}, {0}", "{0}", "{1}", "{0} {2}. {1}", "{0} {3} {1}", "{4} {0} {1}"])
    case = rng.choice([str] * 6 + [str.upper, str.lower])

    def make():
        title = rng.choice(["Mr", "Mrs", "Ms", "Dr.", "Prof."])
        spelled = order.format(
            first_name(rng), last_name(rng), rng.choice("ABCDEFGHJKLMPRST"), first_name(rng), title)
        return case(spelled.translate(draws.UNACCENTED) if plain else spelled)
    return make


def site(rng):
    start = rng.choice([often(rng, facts.SITE_PARTS), rng.choice(words.COMPANIES), rng.choice(words.NOUNS),
                        coined(rng, language.NOUNS)])
    more = rng.choice([often(rng, facts.SITE_PARTS), coined(rng, language.NOUNS)])
    end = rng.choice(["", more, more, f"-{more}"])
    return f"{start}{end}.{often(rng, facts.TOP_DOMAINS)}"


def account(rng):
    first, last = draws.plain(first_name(rng)) or "max", draws.plain(last_name(rng)) or "li"
    shape = rng.choice([f"{first}.{last}"] * 3 + [
        f"{first}{last}", f"{first}{last}", f"{first[0]}{last}", f"{first}_{last}", first, last,
        f"{first[0]}.{last}", f"{last}.{first}", f"{last}{first[0]}", coined(rng, words.LAST_NAMES)])
    number = rng.choice([
        "", "", "", str(rng.randrange(10)), str(rng.randrange(100)), str(rng.randrange(1950, 2012))])
    return shape + number


def email(rng):
    mostly = rng.choice(["mail", "mail", "mixed", "work"])
    own = [site(rng) for _ in range(rng.randrange(1, 6))]
    local = [name for name in words.MAIL_DOMAINS if name.endswith("." + often(rng, facts.TOP_DOMAINS))]
    case = rng.choice([str.lower] * 7 + [str])

    def make():
        if rng.randrange(8) < {"mail": 1, "mixed": 3, "work": 7}[mostly]:
            role = rng.choice([
                "info", "admin", "office", "sales", "support", "contact", "hello", "noreply", "mail"])
            who = role if rng.randrange(6) == 0 else account(rng)
            return case(f"{who}@{rng.choice(own) if rng.randrange(2) else site(rng)}")
        domain = rng.choice(local) if local and rng.randrange(3) == 0 else often(rng, words.MAIL_DOMAINS)
        return f"{account(rng)}@{'gmail.com' if rng.randrange(3) == 0 else domain}"
    return make


# ---- Places, languages, money -----------------------------------------------------------------
def place(rng):
    column = rng.choice([0, 0, 1, 2, 2, 2, 4, 5, 6, 7, 8, 9, 9, 10])
    if column < 6:
        case = rng.choice([str] * 4 + [str.lower, str.upper])
        return lambda: case(often(rng, facts.COUNTRIES)[column])
    dash = rng.choice("--_")
    cities = words.CITIES + tuple(country[5] for country in facts.COUNTRIES)
    return {
        6: lambda: often(rng, facts.LANGUAGES), 7: lambda: often(rng, facts.COUNTRIES)[3],
        8: lambda: f"{(row := often(rng, facts.COUNTRIES))[3]}{dash}{row[0]}",
        9: lambda: often(rng, facts.TIME_ZONES), 10: lambda: often(rng, cities),}[column]


# ---- Ids --------------------------------------------------------------------------------------
def encoded(rng, size):
    return base64.b64encode(rng.getrandbits(8 * size).to_bytes(size, "big")).decode()


def unpadded(thing):
    return base64.urlsafe_b64encode(thing.encode()).decode().rstrip("=")


def jwt(rng):
    issued = draws.moment(rng)
    head = rng.choice([
        '{"alg":"HS256","typ":"JWT"}', '{"typ":"JWT","alg":"HS256"}', '{"alg":"RS256","typ":"JWT"}'])
    who = rng.choice([f'"{draws.uuid(rng)}"', str(rng.randrange(10**6)), f'"{rng.randrange(10**6)}"'])
    body = f'{{"sub":{who},"iat":{issued},"exp":{issued + rng.choice([900, 3600, 86400])}}}'
    return f"{unpadded(head)}.{unpadded(body)}.{text(rng, BASE64URL, 43)}"


def uuid7(rng):
    clock = draws.moment(rng) * 1000 + rng.randrange(1000)
    digits = f"{clock:012x}7{text(rng, HEX, 3)}{rng.choice('89ab')}{text(rng, HEX, 15)}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def uuid1(rng):
    """By the clock, in steps of 100 ns since 1582, and the machine (RFC 9562, section 5.1)."""
    node, first = text(rng, HEX, 12), (draws.moment(rng) + 12219292800) * 10**7

    def make():
        ticks = first + rng.randrange(86400 * 10**7)
        clock = f"{ticks & 0xFFFFFFFF:08x}-{ticks >> 32 & 0xFFFF:04x}-1{ticks >> 48:03x}"
        return f"{clock}-{rng.choice('89ab')}{text(rng, HEX, 3)}-{node}"
    return make


def object_ids(rng):
    """MongoDB's: seconds, the process, a counter."""
    process, days = text(rng, HEX, 10), rng.choice([30, 400, 3000])
    return lambda: f"{draws.moment(rng, days):08x}{process}{rng.randrange(1 << 24):06x}"


def prefixed(rng):
    start = rng.choice([
        "usr_", "cus_", "ord_", "tok_", "req_", "sk_live_", "pi_", "evt_", "sess_", "user:", "session:",
        "job-", "INV-", "order-"])
    alphabet, size = rng.choice([draws.BASE62, LOWER + DIGITS, HEX, DIGITS]), rng.choice([8, 14, 16, 24])
    return lambda: start + text(rng, alphabet, size)


def identifier(rng):
    return rng.choice([
        *[many(rng, draws.uuid)] * 4, many(rng, lambda r: draws.uuid(r).upper()),
        many(rng, lambda r: "{" + draws.uuid(r) + "}"), many(rng, lambda r: draws.uuid(r).replace("-", "")),
        many(rng, uuid7), uuid1(rng), object_ids(rng), many(rng, draws.ulid),
        *[lambda size=size: text(rng, HEX, size) for size in (32, 40, 64)], lambda: text(rng, BASE64URL, 21),
        lambda: text(rng, BASE64URL, 43), many(rng, lambda r: encoded(r, 16)),
        many(rng, lambda r: encoded(r, 32)), many(rng, jwt), many(rng, lambda r: str(r.getrandbits(63))),
        many(rng, lambda r: f"{r.randrange(10**10):010d}"), many(rng, draws.ipv4), prefixed(rng),
        prefixed(rng)])


# ---- Times ------------------------------------------------------------------------------------
def moment_of(rng):
    """When things of this application happen: within some days, or over years."""
    days = rng.choice([2, 30, 400, 3000])
    return lambda: draws.moment(rng, days)


def http_date(rng):
    moment = datetime.datetime.fromtimestamp(draws.moment(rng, 800), datetime.timezone.utc)
    day, month = facts.DAYS[moment.weekday()][:3], facts.MONTHS[moment.month - 1][:3]
    return f"{day}, {moment.day:02d} {month} {moment:%Y %H:%M:%S} GMT"


def time(rng):
    when, zone = moment_of(rng), rng.choice([
        "+00:00", "+01:00", "+02:00", "-05:00", "-08:00", "+05:30", "+09:00"])
    digits = rng.choice([0, 3, 6, 6])

    def parts(moment):
        date, clock = draws.iso(moment)[:-1].split("T")
        fraction = f".{rng.randrange(10**digits):0{digits}d}" if digits else ""
        return date, clock, fraction

    def spelled(pattern):
        return lambda: (
            lambda date, clock,
            fraction: pattern.format(date, clock, fraction, zone, *date.split("-")))(*parts(when()))
    return rng.choice([
        *[spelled("{0}T{1}{2}Z")] * 4, spelled("{0}T{1}{2}{3}"), spelled("{0}T{1}{3}"), spelled("{0} {1}{2}"),
        spelled("{0} {1}"), spelled("{0}"), spelled("{5}/{6}/{4}"), spelled("{6}.{5}.{4}"),
        spelled("{4}{5}{6}"), spelled("{0} {1} UTC"), spelled("{0} {1}{3}"), spelled("{1}"),
        lambda: str(when()), lambda: str(when() * 1000 + rng.randrange(1000)),
        lambda: f"{when()}.{rng.randrange(10**6):06d}", many(rng, http_date)])


# ---- Text -------------------------------------------------------------------------------------
VOCABULARY = (language.NOUNS, language.NOUNS, language.ADJECTIVES, language.VERBS, words.NOUNS,
              facts.SITE_PARTS, facts.PARTS)


def words_of(rng, joint, most):
    chosen = [word(rng, rng.choice(VOCABULARY)) for _ in range(rng.randrange(1, most + 1))]
    if len(chosen) > 2 and rng.randrange(2):
        chosen[rng.randrange(1, len(chosen) - 1)] = often(rng, language.LITTLE[:20])
    return joint.join(chosen).lower()


def filled(rng, patterns):
    """One of the patterns of facts.py with something in its gaps."""
    thing, city = rng.choice(facts.THINGS), rng.choice(words.CITIES)
    slots = {
        "noun": word(rng, rng.choice([words.NOUNS, language.NOUNS])), "city": city, "City": city,
        "thing": thing, "Thing": thing[0].upper() + thing[1:],
        "Adjective": rng.choice(words.ADJECTIVES).capitalize(),
        "adjective": word(rng, rng.choice([words.ADJECTIVES, language.ADJECTIVES])),
        "place": rng.choice(facts.PLACES).replace("-", " "), "colour": rng.choice(facts.COLOURS),
        "count": rng.choice([2, 3, 4, 5, 7, 10, 12]), "number": rng.randrange(100),
        "year": rng.randrange(1950, 2026), "month": rng.choice(facts.MONTHS), "day": rng.randrange(1, 29),
        "first": first_name(rng), "last": last_name(rng), "price": f"{draws.price(rng):.2f}",
        "hour": rng.randrange(8, 19), "code": rng.randrange(10**6), "part": rng.choice(facts.PARTS)}
    return rng.choice(patterns).format(**slots)


def piece(rng, patterns):
    """Some words in a row of a filled pattern."""
    found = filled(rng, patterns).split(" ")
    begin = rng.randrange(len(found))
    return " ".join(found[begin : begin + rng.randrange(2, 9)])


def product(rng):
    picked = [rng.choice(words.ADJECTIVES), rng.choice(words.ADJECTIVES), rng.choice(words.NOUNS)]
    return " ".join(picked).capitalize()


def phrase(rng):
    """Words in the order in which English puts them."""
    noun, verb, adjective = (lambda entries=entries: word(rng, entries) for entries in (
        language.NOUNS, language.VERBS, language.ADJECTIVES))
    little = often(rng, language.LITTLE)
    article = rng.choice(["the ", "the ", "a ", "my ", "your ", "our ", "their ", "this ", ""])
    joint = rng.choice(["of", "in", "to", "for", "with", "on", "at", "from", "by", "and"])
    who = rng.choice(["I", "we", "you", "they"])
    return rng.choice([
        lambda: f"{article}{adjective()} {noun()} {joint} the {noun()}",
        lambda: f"{article}{noun()} {joint} {noun()}s",
        lambda: f"{article}{noun()} {little} {verb()} {article}{adjective()} {noun()}",
        lambda: f"{who} {verb()} {little} {article}{noun()}",
        lambda: f"{verb()} {article}{noun()} {joint} {noun()}",
        lambda: f"{little} {article}{noun()} is {adjective()}",
        lambda: f"{noun()} {verb()}s {little} {noun()}s",
        lambda: f"{verb()}ing {article}{noun()}s {joint} {adjective()} {noun()}s",
        lambda: f"{article}{noun()} was {verb()}ed {joint} {article}{noun()}"])()


def sentence(rng):
    count = rng.choice([1, 1, 2, 3])
    joined = rng.choice([", ", " and ", ", but ", " "]).join(phrase(rng) for _ in range(count))
    return joined[0].upper() + joined[1:] + rng.choice([".", ".", ".", "", "!", "?"])


def english(rng, unseen=False):
    """With `unseen`, of patterns that no other application has: real sentences are others, too."""
    titles, messages, commits = (
        [line for number, line in enumerate(lines) if (number % 5 == 2) == unseen]
        for lines in (facts.TITLES, facts.MESSAGES, facts.COMMITS))
    makers = [
        lambda: filled(rng, titles), lambda: filled(rng, commits), lambda: filled(rng, messages),
        lambda: piece(rng, titles + messages), lambda: piece(rng, messages), lambda: product(rng),
        lambda: draws.job_title(rng), lambda: sentence(rng), lambda: sentence(rng), lambda: sentence(rng),
        lambda: words_of(rng, " ", 3), lambda: f"{filled(rng, messages)} {sentence(rng)}"]
    return mixture(rng, [lambda _, maker=maker: maker for maker in makers])
