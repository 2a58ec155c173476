"""Made-up values of the web: addresses, user agents, HTTP headers, pieces of HTML; as in values.py."""

import draws
import facts
import values
import words
from draws import HEX, moment, often, text
from values import BASE64URL, words_of


# ---- Addresses of pages -----------------------------------------------------------------------
def page_id(rng):
    return rng.choice([
        lambda: str(rng.randrange(10 ** rng.randrange(2, 10))),
        lambda: text(rng, HEX, rng.choice([8, 12, 16, 24, 32])),
        lambda: text(rng, BASE64URL, rng.choice([6, 8, 11, 22])), lambda: draws.uuid(rng)])


def query(rng, number):
    return "&".join(rng.choice([
        f"page={rng.randrange(1, 30)}", f"id={number()}", f"q={words_of(rng, '+', 3)}",
        f"utm_source={rng.choice(['google', 'facebook', 'newsletter', 'twitter'])}", "utm_medium=email",
        "utm_medium=cpc", f"utm_campaign={words_of(rng, '_', 3)}", f"ref={words_of(rng, '_', 2)}",
        f"lang={often(rng, facts.COUNTRIES)[3]}", "sort=price", "order=desc",
        f"limit={rng.choice([10, 20, 50, 100])}", f"v={rng.randrange(100)}", f"token={text(rng, HEX, 32)}",
        f"category={words_of(rng, '-', 2)}", f"w={rng.randrange(100, 2000)}",
        f"url=https%3A%2F%2F{values.site(rng)}%2F{words_of(rng, '-', 2)}"]) for _ in range(rng.choice([
            1, 1, 2, 3])))


def path(rng, number):
    when = f"{rng.randrange(2010, 2026)}/{rng.randrange(1, 13):02d}"
    return rng.choice([
        f"/{words_of(rng, '-', 2)}", f"/{words_of(rng, '-', 2)}/{words_of(rng, '-', 6)}",
        f"/{words_of(rng, '-', 1)}/{number()}", f"/blog/{words_of(rng, '-', 7)}",
        f"/{when}/{words_of(rng, '-', 7)}/", f"/{words_of(rng, '-', 6)}.html",
        f"/product/{words_of(rng, '-', 4)}-{number()}", f"/category/{words_of(rng, '-', 2)}",
        f"/tag/{words_of(rng, '-', 2)}/", f"/wiki/{words_of(rng, '_', 3).capitalize()}", f"/users/{number()}",
        f"/{often(rng, facts.COUNTRIES)[3]}/{words_of(rng, '-', 3)}",
        f"/api/v{rng.randrange(1, 4)}/{words_of(rng, '_', 1)}s/{number()}",
        f"/images/{number()}.{rng.choice(['jpg', 'png', 'webp', 'gif'])}",
        f"/wp-content/uploads/{when}/{words_of(rng, '-', 4)}.{rng.choice(['jpg', 'png', 'pdf'])}",
        f"/static/js/{words_of(rng, '.', 2)}.js",
        f"/assets/{words_of(rng, '-', 2)}-{text(rng, HEX, 8)}.{rng.choice(['js', 'css', 'svg'])}",
        f"/watch?v={text(rng, BASE64URL, 11)}", "/", "", "/index.html", "/index.php", "/about", "/contact",
        "/login", "/search", "/news", "/archive"])


def url(rng):
    own = [
        rng.choice([
            "", "www.", "www.", "shop.", "blog.", "cdn.", "api.", "m.",
            "static."]) + values.site(rng) for _ in range(rng.choice([1, 1, 2, 5, 40]))]
    scheme = rng.choice(["https://"] * 6 + ["http://", "http://", ""])
    prefix = rng.choice(["www.", "www.", ""])
    number, asks = page_id(rng), rng.randrange(4)
    big = [
        "www.google.com", "www.youtube.com", "www.facebook.com", "twitter.com", "github.com",
        "www.instagram.com", "en.wikipedia.org", "www.amazon.com", "www.linkedin.com", "www.bing.com", "t.co",
        "medium.com"]

    def make():
        pick = rng.randrange(10)
        host = rng.choice(own) if pick < 7 else prefix + values.site(rng) if pick < 9 else rng.choice(big)
        place_in = path(rng, number)
        asked = f"?{query(rng, number)}" if rng.randrange(4) < asks and "?" not in place_in else ""
        return (scheme + host + place_in + asked) or "/"
    return make


# ---- HTTP -------------------------------------------------------------------------------------
def phone(rng):
    """A model's name that stands in no list: makers count on in letters and digits."""
    number = rng.randrange(100, 999)
    return rng.choice([
        f"SM-{rng.choice('AGJMNST')}{number}{rng.choice('BFMNUGW')}", "K", often(rng, words.PHONES),
        f"Pixel {number % 8 + 2}{rng.choice(['', ' Pro', 'a'])}",
        f"Redmi Note {number % 10 + 4}{rng.choice(['', ' Pro'])}",
        f"{rng.choice(['CPH', 'RMX', 'V'])}{rng.randrange(1000, 4000)}",
        f"{text(rng, 'ABCELMNPRSTVY', 3)}-{rng.choice('ALT')}{number // 10}{rng.choice(['', 'A', 'B'])}",
        f"moto {rng.choice('egx')}({number % 5 + 4})", text(rng, draws.BASE32, rng.randrange(4, 9)),
        f"{rng.choice(['Nokia', 'LG', 'HTC', 'ASUS', 'TECNO'])} {text(rng, 'ABCDEKLMX', 2)}{number}"])


def build_name(rng):
    date = f"{rng.randrange(17, 25):02d}{rng.randrange(1, 13):02d}{rng.randrange(1, 28):02d}"
    old = f"{text(rng, 'KLMNO', 1)}{text(rng, 'KMPRS', 2)}{rng.randrange(30, 99)}{text(rng, 'ABCDEHKL', 1)}"
    number = f"{rng.randrange(1, 4)}A.{date}.{rng.randrange(30):03d}"
    return rng.choice([old, f"{text(rng, 'OPQRSTU', 1)}{text(rng, 'PQKD', 1)}{number}"])


def chrome_version(rng):
    return f"{rng.randrange(40, 143)}.0." + rng.choice([
        "0.0", f"{rng.randrange(2000, 7500)}.{rng.randrange(220)}"])


def android_agent(rng):
    """Telephones and tablets, of which there are more kinds than of all others together."""
    version = f"{rng.randrange(4, 16)}{rng.choice(['', '', '.0', '.1', '.0.1', '.1.1', '.4.2'])}"
    build = rng.choice(["", "", f" Build/{build_name(rng)}"])
    view = rng.choice(["", "", "; wv"])
    engine = f"AppleWebKit/537.36 (KHTML, like Gecko) {'Version/4.0 ' if view else ''}"
    own = rng.choice([
        "", "", "", "", f"SamsungBrowser/{rng.randrange(4, 29)}.{rng.randrange(4)} ",
        f"YaBrowser/{rng.randrange(18, 25)}.{rng.randrange(12)}.{rng.randrange(9)}.{rng.randrange(99)} "])
    end = rng.choice([
        "", "", "", "", f" EdgA/{chrome_version(rng)}",
        f" OPR/{rng.randrange(40, 90)}.0.{rng.randrange(2000, 4500)}.{rng.randrange(10**5)}"])
    system = f"Linux; {rng.choice(['', '', '', 'U; '])}Android {version}"
    start = f"Mozilla/5.0 ({system}; {phone(rng)}{build}{view})"
    mobile = rng.choice(["Mobile ", "Mobile ", ""])
    return f"{start} {engine}{own}Chrome/{chrome_version(rng)} {mobile}Safari/537.36{end}"


def user_agent(rng):
    kinds = [
        draws.user_agent, draws.user_agent, android_agent, android_agent, draws.apple_agent,
        draws.program_agent, draws.app_agent]
    kept = rng.sample(kinds, rng.randrange(1, 5))
    return lambda: rng.choice(kept)(rng)


def an_agent(rng):
    """One user agent, of any application."""
    return user_agent(rng)()


def accepted_languages(rng):
    row = often(rng, facts.COUNTRIES)
    return rng.choice([
        f"{row[3]}-{row[0]},{row[3]};q=0.9", f"{row[3]}-{row[0]},{row[3]};q=0.9,en-US;q=0.8,en;q=0.7",
        "en-US,en;q=0.5", "en-US,en;q=0.9", f"{row[3]}", "*"])


def cookies(rng):
    ga = f"GA1.{rng.choice('123')}.{rng.randrange(10**8, 2 * 10**9)}.{draws.moment(rng)}"
    one = [
        f"_ga={ga}", f"_gid={ga}", f"_fbp=fb.1.{draws.moment(rng)}000.{rng.randrange(10**9)}",
        f"PHPSESSID={text(rng, values.LOWER + values.DIGITS, 26)}",
        f"JSESSIONID={text(rng, HEX, 32).upper()}", f"csrftoken={text(rng, draws.BASE62, 32)}",
        f"sessionid={text(rng, values.LOWER + values.DIGITS, 32)}",
        f"connect.sid=s%3A{text(rng, BASE64URL, 32)}.{text(rng, draws.BASE62, 43)}", "_gat=1",
        "cookie_consent=true", "theme=dark", f"lang={often(rng, facts.COUNTRIES)[3]}",
        f"XSRF-TOKEN={text(rng, draws.BASE62, 40)}", f"laravel_session={text(rng, draws.BASE62, 40)}",
        f"__cf_bm={text(rng, BASE64URL, 43)}", f"uid={draws.uuid(rng)}",
        f"ASP.NET_SessionId={text(rng, values.LOWER + values.DIGITS, 24)}"]
    return "; ".join(rng.sample(one, rng.randrange(1, 6)))


def set_cookie(rng):
    flags = rng.sample([
        "; Secure", "; HttpOnly", "; SameSite=Lax", "; SameSite=None",
        f"; Max-Age={rng.choice([3600, 86400, 31536000])}", f"; Expires={values.http_date(rng)}",
        f"; Domain=.{values.site(rng)}"], rng.randrange(4))
    name = rng.choice(["session", "sid", "token", "id", "csrftoken"])
    return f"{name}={text(rng, BASE64URL, rng.choice([16, 32, 43]))}; Path=/{''.join(flags)}"


def content_type(rng):
    return often(rng, facts.MIME_TYPES) + rng.choice([
        "", "", "; charset=utf-8", "; charset=UTF-8", ";charset=utf-8"])


HEADERS = [
    ("Content-Type", content_type),
    ("Content-Length", lambda rng: str(rng.randrange(10 ** rng.randrange(1, 7)))), ("Date", values.http_date),
    ("Last-Modified", values.http_date), ("Expires", values.http_date),
    ("Accept-Language", accepted_languages), ("Cookie", cookies), ("Set-Cookie", set_cookie),
    ("ETag", lambda rng: rng.choice(['"{0}"', 'W/"{0}"']).format(text(rng, HEX, rng.choice([8, 16, 32])))),
    ("Host", values.site),
    ("Cache-Control", lambda rng: rng.choice([
        "no-cache", "no-store", "max-age=0",
        f"public, max-age={rng.choice([60, 300, 3600, 86400, 604800, 31536000])}", "private",
        "public, max-age=31536000, immutable", "no-cache, no-store, must-revalidate",
        "max-age=0, private, must-revalidate", "s-maxage=600"])),
    ("Accept", lambda rng: rng.choice([
        "*/*", "application/json", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/json, text/plain, */*",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
        "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"])),
    (
        "Accept-Encoding",
        lambda rng: rng.choice([
            "gzip, deflate, br", "gzip, deflate", "gzip", "gzip, deflate, br, zstd", "identity"])),
    ("Server", lambda rng: rng.choice([
        "nginx", f"nginx/1.{rng.randrange(14, 27)}.{rng.randrange(4)}", "cloudflare", "Apache", "AmazonS3",
        "Microsoft-IIS/10.0", f"Apache/2.4.{rng.randrange(29, 62)} (Ubuntu)", "gunicorn", "openresty",
        "LiteSpeed"])),
    ("Vary", lambda rng: rng.choice([
        "Accept-Encoding", "Origin", "Accept", "Cookie", "Accept-Encoding, Origin",
        "Accept-Language, Cookie"])),
    ("Connection", lambda rng: rng.choice(["keep-alive", "close", "Upgrade"])),
    ("Referer", lambda rng: url(rng)()), ("Origin", lambda rng: f"https://{values.site(rng)}"),
    ("Location", lambda rng: url(rng)()), ("X-Request-ID", draws.uuid),
    ("X-Forwarded-For", lambda rng: ", ".join(draws.ipv4(rng) for _ in range(rng.choice([1, 1, 2])))),
    ("X-Forwarded-Proto", lambda rng: "https"),
    (
        "Authorization",
        lambda rng: rng.choice([
            f"Bearer {text(rng, BASE64URL, 43)}", f"Basic {values.encoded(rng, 15)}",
            f"Bearer {values.jwt(rng)}"])),
    (
        "Strict-Transport-Security",
        lambda rng: rng.choice([
            "max-age=31536000; includeSubDomains", "max-age=63072000; includeSubDomains; preload"])),
    ("Access-Control-Allow-Origin", lambda rng: rng.choice(["*", f"https://{values.site(rng)}"])),
    ("X-Frame-Options", lambda rng: rng.choice(["DENY", "SAMEORIGIN"])),
    ("X-Content-Type-Options", lambda rng: "nosniff"), ("Transfer-Encoding", lambda rng: "chunked"),
    ("Content-Encoding", lambda rng: rng.choice(["gzip", "br"])), ("User-Agent", an_agent),
    ("Upgrade-Insecure-Requests", lambda rng: "1"),
    ("X-Powered-By", lambda rng: f"PHP/8.{rng.randrange(4)}.{rng.randrange(30)}"),
    ("Sec-Fetch-Mode", lambda rng: rng.choice(["navigate", "cors", "no-cors"])),
    ("Sec-Fetch-Site", lambda rng: rng.choice(["same-origin", "none", "cross-site"])),
    (
        "Content-Disposition",
        lambda rng: f'attachment; filename="{words_of(rng, "-", 3)}.{rng.choice(["pdf", "csv", "zip"])}"')]


def header(rng):
    """Lines, values of one header, MIME types, or the whole set of a request or an answer."""
    case = rng.choice([str, str, str.lower])
    row = often(rng, HEADERS)
    count = rng.randrange(3, 14)
    return rng.choice([
        lambda: (lambda one: f"{case(one[0])}: {one[1](rng)}")(rng.choice(HEADERS)), lambda: row[1](rng),
        lambda: row[1](rng), lambda: content_type(rng), lambda: cookies(rng),
        lambda: "\r\n".join(f"{case(one[0])}: {one[1](rng)}" for one in rng.sample(HEADERS, count))])


# ---- HTML -------------------------------------------------------------------------------------
def element(rng, tag, inside, **attributes):
    start = "".join(f' {key.rstrip("_").replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f"<{tag}{start}>{inside}</{tag}>"


def image(rng):
    size = f'width="{rng.choice([100, 320, 640])}" height="{rng.choice([80, 240, 480])}"'
    return f'<img src="/images/{text(rng, HEX, 12)}.jpg" alt="{values.product(rng)}" {size} loading="lazy">'


def entry(rng, name):
    kind, value = rng.choice(["text", "hidden", "email"]), rng.randrange(1000)
    return f'<input type="{kind}" name="{rng.choice(facts.PARTS)}" value="{value}" class="{name}">'


def class_names(rng):
    """The classes of this application: of a well known style sheet, or its own."""
    known = [
        "container", "row", "col-md-6", "card", "card-body", "card-title", "btn btn-primary",
        "btn btn-default", "nav-item", "nav-link", "list-group-item", "text-muted", "form-control",
        "flex items-center", "text-sm text-gray-500", "px-4 py-2", "mt-4", "font-semibold",
        "rounded-lg shadow"]
    own = [
        f"{values.words_of(rng, '-', 2)}{rng.choice(['', '__title', '--active', '-item'])}" for _ in range(8)]
    kept = rng.sample(known if rng.randrange(2) else own, 6)
    return lambda: rng.choice(kept)


def html(rng):
    name, joint = class_names(rng), rng.choice(["", "", "\n", "\n  "])
    leaf = [
        lambda: element(rng, "p", values.filled(rng, facts.MESSAGES)),
        lambda: element(rng, "p", values.filled(rng, facts.MESSAGES), class_=name()),
        lambda: element(rng, rng.choice(["h1", "h2", "h3"]), values.filled(rng, facts.TITLES), class_=name()),
        lambda: element(rng, "a", values.product(rng), href=path(rng, page_id(rng))),
        lambda: element(
            rng, "a", rng.choice(["Read more", "Home", "Details", "Next", "Login"]), href=url(rng)(),
            class_=name()),
        lambda: element(rng, "span", f"{draws.price(rng):.2f}", class_=name()),
        lambda: image(rng),
        lambda: element(
            rng, "ul",
            "".join(element(rng, "li", values.words_of(rng, " ", 4)) for _ in range(rng.randrange(2, 6))),
            class_=name()),
        lambda: element(rng, "time", "3 days ago", datetime=draws.iso(moment(rng))),
        lambda: entry(rng, name()),
        lambda: element(
            rng, "button", rng.choice(["Save", "Add to cart", "Send"]), type="submit", class_=name()),
        lambda: element(rng, "td", str(rng.randrange(1000))),
        lambda: element(rng, "strong", values.first_name(rng))]
    kept = rng.sample(leaf, rng.randrange(2, 7))

    def block():
        inside = joint.join(rng.choice(kept)() for _ in range(rng.randrange(1, 5)))
        return element(
            rng, rng.choice(["div", "div", "div", "section", "li", "article", "tr"]), joint + inside + joint,
            class_=name())
    most = rng.choice([5, 5, 5, 40])
    return lambda: joint.join(block() for _ in range(rng.randrange(1, most)))
