"""Makers of what programs put into a key: events, jobs, sessions and cookies, as their serialisers do."""

import base64
import struct

import words
from draws import (
    BASE62, HEX, compact, email, ipv4, iso, moment, often, plain, price, sentence, site, text, user_agent, uuid)

BASE36 = "abcdefghijklmnopqrstuvwxyz0123456789"
QUEUES = ("default", "mailers", "low", "critical", "exports")
TASKS = ("orders.tasks.confirm", "mail.tasks.send_welcome", "search.tasks.reindex", "billing.tasks.charge",
         "reports.tasks.build", "images.tasks.resize")
WORKERS = ("WelcomeMailer", "InvoiceJob", "IndexJob", "ThumbnailJob", "DigestMailer", "CleanupJob")
ACTIONS = (("storage", "GetObject"), ("storage", "PutObject"), ("storage", "ListBuckets"),
           ("compute", "RunInstances"), ("compute", "DescribeInstances"), ("identity", "AssumeRole"),
           ("identity", "ListUsers"), ("keys", "Decrypt"), ("queues", "SendMessage"))
REGIONS = ("eu-west-1", "us-east-1", "eu-central-1", "us-west-2", "ap-south-1")


def spaced(thing):
    return compact(thing).replace('":', '": ').replace(',"', ', "')


def login(rng):
    parts = [plain(often(rng, words.FIRST_NAMES)), plain(often(rng, words.LAST_NAMES)), rng.choice(words.NOUNS)]
    return rng.choice([parts[0] + parts[1], parts[0][0] + parts[1], f"{parts[2]}{rng.randrange(100)}",
                       f"{parts[0]}-{parts[2]}", parts[0] + text(rng, BASE36, 3)])


def account(rng):
    """A login that stands in twelve addresses of one object."""
    who, number = login(rng), rng.randrange(1, 9 * 10**6)
    start = f"https://api.codeforge.example/users/{who}"
    lists = ("followers", "following{/other}", "gists{/id}", "starred{/owner}{/repo}", "subscriptions", "orgs",
             "repos", "events{/privacy}", "received_events")
    return compact({
        "login": who, "id": number, "avatar_url": f"https://avatars.codeforge.example/u/{number}?v=3",
        "url": start, "html_url": f"https://codeforge.example/{who}",
        **{f"{word.partition('{')[0]}_url": f"{start}/{word}" for word in lists},
        "type": "User", "site_admin": False, "name": rng.choice([None, who.capitalize()]),
        "location": rng.choice([None, often(rng, words.CITIES)]), "public_repos": rng.randrange(90),
        "followers": rng.randrange(300), "created_at": iso(moment(rng, 4000)),
        "updated_at": iso(moment(rng, 60))})


def task_message(rng):
    """A message of a task queue: its arguments in base64, an id that stands in it several times."""
    task, arguments = uuid(rng), {"user_id": rng.randrange(10**5), "kind": rng.choice(words.SKILLS),
                                  "title": sentence(rng)}
    body = [[], arguments, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]
    return spaced({
        "body": base64.b64encode(spaced(body).encode()).decode(), "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": rng.choice(TASKS), "id": task, "eta": None, "expires": None,
                    "retries": rng.choice([0, 0, 0, 1, 2]), "timelimit": [None, None], "root_id": task,
                    "parent_id": None, "kwargsrepr": str(arguments),
                    "origin": f"gen{rng.randrange(1, 30000)}@worker-{rng.randrange(4)}"},
        "properties": {"correlation_id": task, "reply_to": uuid(rng), "delivery_mode": 2,
                       "delivery_info": {"exchange": "", "routing_key": often(rng, QUEUES)}, "priority": 0,
                       "body_encoding": "base64", "delivery_tag": uuid(rng)}})


def job(rng):
    created = moment(rng, 20) + rng.randrange(10**6) / 10**6
    arguments = rng.choice([[rng.randrange(10**6)], [rng.randrange(10**6), rng.choice(words.CURRENCIES)],
                            [login(rng), email(rng)], ["Product", rng.randrange(10**5), "update"]])
    return compact({"retry": True, "queue": often(rng, QUEUES), "args": arguments, "class": rng.choice(WORKERS),
                    "jid": text(rng, HEX, 24), "created_at": created,
                    "enqueued_at": round(created + 0.0003, 6)})


# ---- Sessions ---------------------------------------------------------------------------------
def php(thing):
    """As PHP's serialize() writes it."""
    if isinstance(thing, bool):
        return f"b:{int(thing)};"
    if isinstance(thing, int):
        return f"i:{thing};"
    if isinstance(thing, float):
        return f"d:{thing};"
    if isinstance(thing, str):
        return f's:{len(thing.encode())}:"{thing}";'
    if thing is None:
        return "N;"
    pairs = list(thing.items() if isinstance(thing, dict) else enumerate(thing))
    return f"a:{len(pairs)}:{{{''.join(php(key) + php(value) for key, value in pairs)}}}"


def cart(rng):
    items = [{"id": rng.randrange(10**5), "sku": f"{text(rng, 'ABCDEFGH', 3)}-{rng.randrange(10**5):05d}",
              "qty": rng.randrange(1, 4), "price": price(rng)} for _ in range(rng.randrange(1, 4))]
    return {"currency": often(rng, words.CURRENCIES), "items": items}


def php_session(rng):
    state = {"csrf_token": text(rng, HEX, 32), "last_activity": moment(rng, 30), "ip": ipv4(rng),
             "user_agent": user_agent(rng), "lang": often(rng, words.LOCALES)[:2]}
    if rng.randrange(3):
        state.update(user_id=rng.randrange(10**6), username=login(rng), email=email(rng), logged_in=True)
    if rng.randrange(2):
        state["cart"] = cart(rng)
    return "".join(f"{key}|{php(value)}" for key, value in state.items())


def ruby(thing, symbols):
    """As Ruby's Marshal writes it, without the two bytes of its version."""
    if thing is None or isinstance(thing, bool):
        return b"0" if thing is None else b"T" if thing else b"F"
    if isinstance(thing, int):
        return b"i" + ruby_integer(thing)
    if isinstance(thing, str):
        data = thing.encode()
        return b'I"' + ruby_integer(len(data)) + data + b"\x06" + ruby_symbol("E", symbols) + b"T"
    if isinstance(thing, dict):
        pairs = [ruby(key, symbols) + ruby(value, symbols) for key, value in thing.items()]
        return b"{" + ruby_integer(len(pairs)) + b"".join(pairs)
    return b"[" + ruby_integer(len(thing)) + b"".join(ruby(one, symbols) for one in thing)


def ruby_integer(number):
    if number == 0:
        return b"\0"
    if number < 123:
        return bytes([number + 5])
    size = (number.bit_length() + 7) // 8
    return bytes([size]) + struct.pack("<Q", number)[:size]


def ruby_symbol(word, symbols):
    if word in symbols:
        return b";" + ruby_integer(symbols.index(word))
    symbols.append(word)
    return b":" + ruby_integer(len(word)) + word.encode()


def ruby_session(rng):
    state = {"session_id": text(rng, HEX, 32), "_csrf_token": text(rng, BASE62, 43) + "=",
             "locale": often(rng, words.LOCALES)[:2]}
    if rng.randrange(3):
        state["warden.user.user.key"] = [[rng.randrange(1, 10**6)], "$2a$12$" + text(rng, BASE62, 22)]
    if rng.randrange(2):
        state["cart"] = [{key: item[key] for key in ("id", "sku", "qty")} for item in cart(rng)["items"]]
    state["last_seen_at"] = iso(moment(rng, 30)).replace("T", " ").replace("Z", " UTC")
    return b"\x04\x08" + ruby(state, [])


def cookies(rng):
    when = moment(rng, 300)
    parts = [f"_ga=GA1.2.{rng.randrange(10**8, 2 * 10**9)}.{when}"]
    if rng.randrange(2):
        parts.append(f"_gid=GA1.2.{rng.randrange(10**8, 2 * 10**9)}.{when + rng.randrange(10**6)}")
    parts.append(rng.choice([f"sessionid={text(rng, BASE36, 32)}", f"PHPSESSID={text(rng, HEX, 32)}",
                             f"connect.sid=s%3A{text(rng, BASE62, 32)}.{text(rng, BASE62, 43)}"]))
    parts += rng.choice([[], ["consent=yes"], [f"lang={often(rng, words.LOCALES)[:2]}"],
                         [f"csrftoken={text(rng, BASE62, 64)}"], ["consent=yes", "theme=dark"]])
    return "; ".join(parts)


def token(rng):
    """Hex and base64 within text, each at its full entropy."""
    return rng.choice([
        lambda: f"session:{rng.randrange(10**6)}:{text(rng, HEX, 40)}",
        lambda: f"Bearer {text(rng, BASE62, 22)}.{text(rng, BASE62, 43)}",
        lambda: f"sha256:{text(rng, HEX, 64)} size={rng.randrange(10**7)}",
        lambda: f'W/"{text(rng, HEX, 16)}-{rng.randrange(10**5)}"',
        lambda: f"upload/{uuid(rng)}/part-{rng.randrange(30)} etag={text(rng, HEX, 32)}"])()


def audit_event(rng):
    """An event in the manner of a cloud's audit log."""
    service, action = often(rng, ACTIONS)
    owner, who, region = rng.choice(["481516234210", "271828182845"]), login(rng), often(rng, REGIONS)
    bucket = {"bucketName": f"{rng.choice(words.COMPANIES)}-{rng.choice(words.NOUNS)}"}
    key = text(rng, "ABCDEFGHJKLMNPQRSTUVWXYZ234567", 18)
    return compact({
        "eventVersion": "1.08",
        "userIdentity": {"type": "User", "principalId": f"AID{key}",
                         "arn": f"arn:cloud:iam::{owner}:user/{who}", "accountId": owner, "userName": who},
        "eventTime": iso(moment(rng, 9)), "eventSource": f"{service}.cloud.example", "eventName": action,
        "region": region, "sourceIPAddress": ipv4(rng),
        "userAgent": f"cloud-cli/2.{rng.randrange(9)}.{rng.randrange(30)}",
        "requestParameters": rng.choice([None, bucket]), "responseElements": None, "requestID": uuid(rng),
        "eventID": uuid(rng), "readOnly": action[:3] != "Put",
        "resources": [f"arn:cloud:{service}:{region}:{owner}:{rng.choice(words.NOUNS)}/{site(rng)}"],
        "eventType": "ApiCall", "recipientAccountId": owner})
