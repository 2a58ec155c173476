#!/usr/bin/env python3
"""Writes realistic sets of values, one file per set, the same bytes every time.

usage: generate.py FOLDER [--set NAME]... [--count N]     NAME.txt or NAME.jsonl, one value per line,
                                                          or NAME.lp, each behind its length
       generate.py --list                                 names of the sets

The values are made up from the lists in words.py; no personal data is in them.
"""

import argparse
import itertools
import random
import struct
import sys
from pathlib import Path

sys.dont_write_bytecode = True
import lines  # noqa: E402
import messages  # noqa: E402
import words  # noqa: E402
from draws import *  # noqa: E402, F401, F403; the recipes in dicts/ take them from here too

SEED = 20261121
COUNT = 8000


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
SETS |= {name: one_by_one(make) for name, make in {
    "accounts": messages.account, "task_messages": messages.task_message, "jobs": messages.job,
    "php_sessions": messages.php_session, "ruby_sessions": messages.ruby_session,
    "cookies": messages.cookies, "tokens": messages.token, "audit_events": messages.audit_event,
    "access_logs": lines.access_line, "ssh_logs": lines.ssh_line, "block_logs": lines.block_line,
    "csv_orders": lines.order_row, "csv_points": lines.point, "help_pages": lines.help_page,
    "places": lines.place, "chess_positions": lines.chess_position, "phone_numbers": lines.phone_number,
    "coordinates": lines.coordinates, "file_paths": lines.file_path, "versions": lines.version,
    "ipv6_networks": lines.ipv6_network, "commit_subjects": lines.commit_subject, "posts": lines.post,
    "states": lambda rng: often(rng, lines.STATES),
}.items()}
ENDINGS = {"jsonl": ("sessions", "api_responses", "accounts", "task_messages", "jobs", "audit_events"),
           "lp": ("ruby_sessions", "help_pages")}
# Training takes its time by the byte, so there are fewer of long values.
COUNTS = {
    **dict.fromkeys(("sessions", "html_fragments", "api_responses", "accounts", "task_messages", "php_sessions",
                     "ruby_sessions", "audit_events", "access_logs", "help_pages"), 1500),
    **dict.fromkeys(("user_agents", "log_lines", "jobs", "cookies", "tokens", "ssh_logs", "block_logs",
                     "csv_orders", "posts", "chess_positions"), 3000)}


def generate(set_name, count=None):
    """The values of a set as bytes; each set has a random sequence of its own."""
    values = SETS[set_name](random.Random(f"{SEED} {set_name}"), count or COUNTS.get(set_name, COUNT))
    return [value.encode() if isinstance(value, str) else value for value in values]


def write_set(folder, set_name, count):
    ending = next((ending for ending, names in ENDINGS.items() if set_name in names), "txt")
    path = Path(folder) / f"{set_name}.{ending}"
    values = generate(set_name, count)
    path.write_bytes(b"".join(
        struct.pack("<I", len(value)) + value if ending == "lp" else value + b"\n" for value in values))
    return path


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", help="where the files go; made if missing")
    parser.add_argument("--set", action="append", choices=list(SETS), metavar="NAME",
                        help="one set; repeatable")
    parser.add_argument("--count", type=int,
                        help=f"values per set (default {COUNT}, fewer of long ones)")
    parser.add_argument("--list", action="store_true", help="print the names of the sets")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(SETS))
        return
    if arguments.folder is None or (arguments.count is not None and arguments.count < 1):
        parser.error("give a FOLDER and a --count of 1 or more")
    try:
        Path(arguments.folder).mkdir(parents=True, exist_ok=True)
        for set_name in arguments.set or SETS:
            write_set(arguments.folder, set_name, arguments.count)
    except OSError as error:
        sys.exit(f"generate.py: {error}")


if __name__ == "__main__":
    main()
