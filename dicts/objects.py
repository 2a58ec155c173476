"""Made-up objects in JSON, as APIs give them: people, things, orders, events, articles; as in values.py.

Keys, their order and spelling are the habits of an application.
"""

import json

import draws
import facts
import values
import web
import words
from draws import HEX, NANOID, moment, often, text


def spaced(thing):
    return json.dumps(thing)


def compact(thing):
    return json.dumps(thing, separators=(",", ":"))


def style(rng):
    """How an application writes JSON; most don't put spaces in."""
    return rng.choice([draws.compact, draws.compact, draws.compact, compact, compact, spaced])


def milliseconds(rng):
    return draws.iso(moment(rng), f".{rng.randrange(1000):03d}")


def micro(rng):
    return draws.iso(moment(rng), f".{rng.randrange(10**6):06d}")


# ---- Objects of an application's own ----------------------------------------------------------
def amount(rng):
    return round(draws.price(rng), 2)


def number_below(most):
    return lambda rng: rng.randrange(most)


def one_of(*entries):
    return lambda rng: rng.choice(entries)


def maybe(make):
    return lambda rng: make(rng) if rng.randrange(3) else None


def times(rng):
    """How this application writes moments."""
    return rng.choice([
        lambda r: draws.iso(moment(r)), milliseconds, milliseconds, micro, moment,
        lambda r: moment(r) * 1000 + r.randrange(1000), lambda r: draws.iso(moment(r))[:-1] + "+00:00",
        lambda r: draws.iso(moment(r))[:-1].replace("T", " ")])


def ids(rng):
    return rng.choice([
        number_below(10**6), number_below(10**6), number_below(10**9), draws.uuid, draws.uuid,
        draws.object_id, draws.ulid, lambda r: text(r, NANOID, 21), lambda r: str(r.randrange(10**6)),
        lambda r: "id_" + text(r, HEX, 12)])


STREETS = ("Street", "Road", "Avenue", "Lane", "St", "Ave")


def address(_rng, _depth):
    return {
        "street": lambda r: f"{r.randrange(1, 300)} {values.last_name(r)} {r.choice(STREETS)}",
        "city": lambda r: often(r, words.CITIES),
        "state": lambda r: r.choice(["CA", "NY", "TX", "", "BY", "NSW"]),
        "postal_code": lambda r: f"{r.randrange(1000, 99999):05d}",
        "zip": lambda r: f"{r.randrange(1000, 99999):05d}", "country": lambda r: often(r, facts.COUNTRIES)[0],
        "lat": lambda r: round(r.uniform(-60, 70), 6), "lng": lambda r: round(r.uniform(-180, 180), 6)}


def person(rng, depth=0):
    mail, full = values.email(rng), values.name(rng)
    return {
        "id": ids(rng), "user_id": ids(rng), "username": values.account, "name": lambda r: full(),
        "first_name": values.first_name, "last_name": values.last_name, "email": lambda r: mail(),
        "email_verified": one_of(True, False),
        "phone": lambda r: f"+{r.randrange(1, 99)}{r.randrange(10**9):09d}",
        "role": one_of("user", "user", "user", "admin", "editor", "member", "guest", "owner"),
        "roles": lambda r: r.sample(["user", "admin", "editor"], r.randrange(1, 3)),
        "status": one_of("active", "active", "inactive", "pending", "blocked"),
        "is_active": one_of(True, True, False), "active": one_of(True, False),
        "locale": lambda r: often(r, words.LOCALES), "language": lambda r: often(r, facts.COUNTRIES)[3],
        "country": lambda r: often(r, facts.COUNTRIES)[0], "timezone": lambda r: often(r, facts.TIME_ZONES),
        "avatar_url": lambda r: f"https://{values.site(r)}/avatars/{text(r, HEX, 16)}.png",
        "gender": one_of("male", "female", None),
        "birthday": lambda r: f"{r.randrange(1950, 2008)}-{r.randrange(1, 13):02d}-{r.randrange(1, 29):02d}",
        "last_login": times(rng), "company": maybe(lambda r: r.choice(words.COMPANIES).capitalize()),
        "bio": maybe(lambda r: values.filled(r, facts.MESSAGES)), "followers_count": number_below(5000),
        "plan": one_of("free", "free", "pro", "enterprise"), "address": nested(rng, address, depth)}


def thing(rng, depth=0):
    return {
        "id": ids(rng), "sku": lambda r: f"{text(r, 'ABCDEFGH', 3)}-{r.randrange(10000):04d}",
        "name": values.product, "title": values.product, "slug": lambda r: values.words_of(r, "-", 4),
        "description": lambda r: values.filled(r, facts.MESSAGES), "price": amount,
        "amount": number_below(20000), "currency": lambda r: often(r, facts.COUNTRIES)[4],
        "quantity": number_below(10), "qty": number_below(6), "stock": number_below(500),
        "in_stock": one_of(True, True, False), "category": lambda r: r.choice(words.NOUNS),
        "category_id": number_below(200), "brand": lambda r: r.choice(words.COMPANIES).capitalize(),
        "tags": labels, "color": lambda r: r.choice(facts.COLOURS), "size": one_of("S", "M", "L", "XL"),
        "weight": lambda r: round(r.uniform(0, 30), 2), "rating": lambda r: round(r.uniform(1, 5), 1),
        "image": lambda r: f"https://{values.site(r)}/images/{text(r, HEX, 12)}.jpg",
        "url": lambda r: f"https://{values.site(r)}/{values.words_of(r, '-', 4)}",
        "discount": one_of(0, 0, 5, 10, 20), "visible": one_of(True, False),
        "attributes": lambda r: {"material": r.choice(words.ADJECTIVES)}}


def order(rng, depth=0):
    return {
        "id": ids(rng), "order_id": ids(rng), "number": lambda r: f"{r.randrange(10**6):06d}",
        "customer_id": ids(rng),
        "status": one_of(
            "pending", "paid", "shipped", "delivered", "cancelled", "processing", "completed", "refunded"),
        "state": one_of("open", "closed", "draft"), "total": amount, "subtotal": amount, "tax": amount,
        "total_price": lambda r: f"{amount(r):.2f}", "currency": lambda r: often(r, facts.COUNTRIES)[4],
        "items": listed(rng, thing, depth), "line_items": listed(rng, thing, depth),
        "shipping_address": nested(rng, address, depth), "customer": nested(rng, person, depth),
        "paid": one_of(True, False), "payment_method": one_of("card", "paypal", "invoice", "sepa_debit"),
        "note": maybe(lambda r: values.filled(r, facts.MESSAGES)), "paid_at": maybe(times(rng))}


def event(rng, depth=0):
    return {
        "id": ids(rng),
        "event": one_of(
            "page_view", "click", "login", "logout", "signup", "purchase", "search", "add_to_cart", "error"),
        "type": one_of(
            "user.created", "user.updated", "order.created", "payment.succeeded", "invoice.paid",
            "message.sent"),
        "user_id": ids(rng), "session_id": ids(rng), "ip": draws.ipv4, "user_agent": web.an_agent,
        "url": lambda r: web.url(r)(), "path": lambda r: often(r, words.PATHS),
        "method": one_of("GET", "GET", "POST", "PUT"),
        "status": one_of(200, 200, 201, 204, 301, 400, 404, 500), "duration": number_below(3000),
        "duration_ms": number_below(3000), "level": one_of("info", "warn", "error"),
        "message": lambda r: values.filled(r, facts.MESSAGES), "data": nested(rng, thing, depth),
        "source": one_of("web", "ios", "android", "api"),
        "version": lambda r: f"{r.randrange(9)}.{r.randrange(30)}.{r.randrange(9)}",
        "device": lambda r: {
            "os": r.choice(["iOS", "Android", "Windows", "macOS"]),
            "browser": r.choice(["Chrome", "Safari", "Firefox"])},
        "referrer": maybe(lambda r: web.url(r)()), "temperature": lambda r: round(r.uniform(-10, 40), 1),
        "value": lambda r: round(r.uniform(0, 1000), 2), "count": number_below(100),
        "success": one_of(True, True, False), "error": one_of(None, None, "timeout")}


def article(rng, depth=0):
    return {
        "id": ids(rng), "title": lambda r: values.filled(r, facts.TITLES),
        "slug": lambda r: values.words_of(r, "-", 6), "author": nested(rng, person, depth),
        "author_id": ids(rng),
        "body": lambda r: " ".join(values.filled(r, facts.MESSAGES) for _ in range(r.randrange(1, 5))),
        "content": lambda r: values.filled(r, facts.MESSAGES),
        "text": lambda r: values.filled(r, facts.MESSAGES),
        "summary": lambda r: values.filled(r, facts.MESSAGES), "published": one_of(True, False),
        "published_at": maybe(times(rng)), "tags": labels, "likes": number_below(1000),
        "comments_count": number_below(100), "views": number_below(10**5),
        "category": lambda r: r.choice(facts.THINGS), "lang": lambda r: often(r, facts.COUNTRIES)[3],
        "parent_id": maybe(ids(rng)), "is_read": one_of(True, False)}


def custom(rng, depth=0):
    """Things with names for their fields that only this application has."""
    makers = [
        ids(rng), ids(rng), times(rng), amount, one_of(True, False), number_below(10), number_below(10**5),
        lambda r: values.words_of(r, " ", 3), lambda r: values.words_of(r, "_", 2), values.sentence, labels,
        lambda r: round(r.uniform(0, 100), r.randrange(5)), maybe(lambda r: values.words_of(r, "-", 2)),
        lambda r: values.words_of(r, " ", 2).upper(), lambda r: draws.iso(moment(r))[:10],
        nested(rng, custom, depth)]
    return {values.words_of(rng, "_", 2): rng.choice(makers) for _ in range(rng.randrange(5, 16))}


def labels(rng):
    return [rng.choice(words.ADJECTIVES + facts.SITE_PARTS) for _ in range(rng.randrange(4))]


def spelling(rng):
    """snake_case as it stands, or camelCase."""
    if rng.randrange(2):
        return str
    return lambda key: "".join(
        part.capitalize() if number else part for number, part in enumerate(key.split("_")))


def shape(rng, fields, spelled, depth=0):
    """Some of the fields in some order; a function that makes objects of them."""
    keys = rng.sample(sorted(fields), rng.randrange(3, min(len(fields), 16) + 1))
    keys = [
        key for key in sorted(
            fields) if key == "id" and rng.randrange(3)] + [key for key in keys if key != "id"]
    if rng.randrange(2) and depth == 0:
        fields = {**fields, "created_at": times(rng), "updated_at": times(rng)}
        keys += ["created_at", "updated_at"]
    rows = [(spelled(key), fields[key]) for key in keys]
    return lambda r: {key: make(r) for key, make in rows}


def nested(rng, kind, depth=0):
    """Objects of a kind inside of others, which this application may know by an id alone."""
    return shape(rng, kind(rng, depth + 1), spelling(rng), depth + 1) if depth < 2 else ids(rng)


def listed(rng, kind, depth=0):
    made = nested(rng, kind, depth)
    return lambda r: [made(r) for _ in range(r.randrange(1, 5))]


def record(rng):
    """What an API answers, or what is kept of it: one object, or a page of them."""
    kinds = [person, person, thing, thing, order, order, event, event, article, custom, custom, custom]
    kind, spelled, write, most = rng.choice(kinds), spelling(rng), style(rng), rng.choice([6, 6, 6, 30])
    one = shape(rng, kind(rng), spelled)
    several = lambda: [one(rng) for _ in range(rng.randrange(1, most))]
    page = lambda: {"page": rng.randrange(1, 20), "per_page": 20, "total": rng.randrange(500)}
    wrap = rng.choice([
        *[lambda: one(rng)] * 7, several, lambda: {"data": one(rng)},
        lambda: {"success": True, "data": one(rng)}, lambda: {"data": several(), "meta": page()},
        lambda: {"status": "ok", "result": one(rng)},
        lambda: {
            "data": [{"type": kind.__name__ + "s", "id": str(rng.randrange(10**5)), "attributes": one(rng)}],
            "links": {"next": None}},
        lambda: {"count": rng.randrange(500), "next": None, "previous": None, "results": several()}])
    return lambda: write(wrap())
