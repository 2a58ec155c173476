"""Made-up sessions of web applications and jobs of queues; as in values.py.

The idioms are those that frameworks write, and objects of an application's own.
"""

import base64
import json

import draws
import facts
import objects
import values
import web
import words
from draws import HEX, NANOID, moment, often, text


# ---- Sessions ---------------------------------------------------------------------------------
def express_session(rng):
    age = rng.choice([None, 3600000, 86400000, 604800000, 2592000000])
    keeps = objects.nested(rng, objects.person)

    def make():
        expires = {"expires": objects.milliseconds(rng)} if age else {"expires": None}
        cookie = {"originalMaxAge": age, **expires, "secure": True, "httpOnly": True, "path": "/"}
        return objects.compact({
            "cookie": cookie,
            **rng.choice([
                {"passport": {"user": draws.object_id(rng)}}, {"user": keeps(rng)}, {}, {"flash": {}}])})
    return make


def django_session(rng):
    return lambda: objects.compact({
        "_auth_user_id": str(rng.randrange(10**5)),
        "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
        "_auth_user_hash": text(rng, HEX, 64),
        **rng.choice([
            {}, {}, {"_password_reset_token": text(rng, HEX, 32)},
            {"_language": often(rng, facts.COUNTRIES)[3]},
            {"cart": {str(rng.randrange(999)): rng.randrange(1, 5)}}])})


def flask_session(rng):
    return lambda: objects.spaced({
        "_fresh": rng.random() < 0.5, "_id": text(rng, HEX, 128), "_permanent": True,
        "_user_id": str(rng.randrange(10**5)), "csrf_token": text(rng, HEX, 40)})


def rails_session(rng):
    def make():
        user = {"warden.user.user.key": [[rng.randrange(10**5)], "$2a$12$" + text(rng, draws.BASE62, 22)]}
        return objects.compact({
            "session_id": text(rng, HEX, 32), "_csrf_token": values.encoded(rng, 32),
            **rng.choice([{}, user, user]), **rng.choice([{}, {"user_return_to": often(rng, words.PATHS)}])})
    return make


def php(thing_in):
    """PHP's serialize()."""
    if thing_in is None:
        return "N;"
    if isinstance(thing_in, bool):
        return f"b:{int(thing_in)};"
    if isinstance(thing_in, int):
        return f"i:{thing_in};"
    if isinstance(thing_in, str):
        return f's:{len(thing_in.encode())}:"{thing_in}";'
    if isinstance(thing_in, list):
        thing_in = dict(enumerate(thing_in))
    return f"a:{len(thing_in)}:{{{''.join(php(key) + php(entry) for key, entry in thing_in.items())}}}"


def laravel_session(rng):
    host = values.site(rng)
    guard = "login_web_59ba36addc2b2f9401580f014c7f58ea4e30989d"  # sha1 of a class, the same everywhere

    def make():
        user = {guard: rng.randrange(1, 10**5)} if rng.randrange(2) else {}
        return php({
            "_token": text(rng, draws.BASE62, 40),
            "_previous": {"url": f"https://{host}{often(rng, words.PATHS)}"},
            "_flash": {"old": [], "new": []}, **user})
    return make


def php_session(rng):
    keys = rng.sample([
        "user_id", "username", "lang", "csrf_token", "last_activity", "is_admin", "cart", "logged_in"], 4)
    make = {
        "user_id": lambda: rng.randrange(10**5), "username": lambda: values.account(rng),
        "lang": lambda: often(rng, facts.COUNTRIES)[3], "csrf_token": lambda: text(rng, HEX, 64),
        "last_activity": lambda: moment(rng), "is_admin": lambda: rng.random() < 0.1,
        "cart": lambda: [{"id": rng.randrange(999), "qty": 1}], "logged_in": lambda: True}
    return lambda: "".join(f"{key}|{php(make[key]())}" for key in keys)


def token(rng):
    def make():
        issued = moment(rng)
        return rng.choice([
            lambda: {
                "access_token": text(rng, values.BASE64URL, 43), "token_type": "Bearer", "expires_in": 3600,
                "refresh_token": text(rng, values.BASE64URL, 43), "scope": "openid profile email"},
            lambda: {
                "sub": draws.uuid(rng), "iss": f"https://{values.site(rng)}/", "aud": text(rng, HEX, 32),
                "iat": issued, "exp": issued + 3600, "scope": "read write"}])()
    return lambda: objects.compact(make())


def signed(rng):
    """What Django and Flask put into cookies: packed, the time, a signature."""
    joint, size = rng.choice([":", "."]), rng.choice([40, 80, 160, 300])
    return lambda: joint.join([
        f".eJ{text(rng, values.BASE64URL, rng.randrange(size, 2 * size))}", f"1{text(rng, draws.BASE62, 5)}",
        text(rng, values.BASE64URL, rng.choice([27, 43]))])


def own_session(rng):
    spelled, write = objects.spelling(rng), objects.style(rng)
    keeps = {
        **objects.person(rng), "session_id": objects.ids(rng), "sid": lambda r: text(r, NANOID, 21),
        "ip": draws.ipv4, "ip_address": draws.ipv4, "user_agent": web.an_agent,
        "csrf": lambda r: text(r, HEX, 32), "csrf_token": lambda r: text(r, HEX, 64),
        "token": lambda r: text(r, values.BASE64URL, 43), "expires_at": objects.times(rng),
        "expires": objects.times(rng), "last_seen": objects.times(rng), "last_activity": objects.times(rng),
        "theme": objects.one_of("light", "dark", "system"), "cart": objects.listed(rng, objects.thing),
        "preferences": lambda r: {"theme": r.choice(["light", "dark"]), "notifications": r.random() < 0.5},
        "is_admin": objects.one_of(False, False, True), "mfa": objects.one_of(True, False),
        "permissions": lambda r: r.sample(["read", "write", "delete"], 2)}
    made = objects.shape(rng, keeps, spelled)
    return lambda: write(made(rng))


def session(rng):
    return rng.choice([
        *[own_session] * 5, express_session, django_session, signed, flask_session, rails_session,
        laravel_session, php_session, token])(rng)


# ---- Jobs -------------------------------------------------------------------------------------
def job_name(rng):
    verbs = ["Send", "Process", "Sync", "Update", "Import", "Export", "Generate", "Delete", "Notify", "Index"]
    return rng.choice(verbs) + rng.choice([
        "Email", "Order", "User", "Report", "Payment", "Invoice", "Image", "Webhook", "Notification",
        "Product", "Cache", "File"])


def arguments(rng):
    kinds = [
        lambda: rng.randrange(10**6), lambda: values.email(rng)(), lambda: draws.uuid(rng),
        lambda: draws.iso(moment(rng)), lambda: rng.choice(["welcome", "full", "daily", True, None]),
        lambda: {"id": rng.randrange(10**6), "type": rng.choice(words.NOUNS)},
        lambda: f"https://{values.site(rng)}/{values.words_of(rng, '-', 3)}"]
    chosen = [rng.choice(kinds) for _ in range(rng.randrange(1, 4))]
    return lambda: [make() for make in chosen]


QUEUES = ["default", "default", "mailers", "high", "low", "critical", "emails", "notifications", "import"]


def sidekiq_job(rng):
    jobs = [(
        job_name(rng) + rng.choice(["Job", "Worker"]), arguments(rng)) for _ in range(rng.randrange(1, 8))]
    wrapped, wide = rng.randrange(3) == 0, rng.choice([1, 1000])

    def make():
        at = moment(rng) + rng.randrange(10**6) / 10**6
        name, make_arguments = rng.choice(jobs)
        job = {
            "retry": True, "queue": rng.choice(QUEUES), "args": make_arguments(), "class": name,
            "jid": text(rng, HEX, 24), "created_at": at, "enqueued_at": at}
        if wide > 1:
            job["created_at"] = job["enqueued_at"] = int(at * 1000)
        if wrapped:
            inner = {
                "job_class": name, "job_id": draws.uuid(rng), "provider_job_id": None,
                "queue_name": job["queue"], "priority": None, "arguments": job["args"], "executions": 0,
                "exception_executions": {}, "locale": "en", "timezone": "UTC",
                "enqueued_at": objects.micro(rng), "scheduled_at": None}
            job.update({
                "class": "ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper", "wrapped": name,
                "args": [inner]})
        if rng.randrange(6) == 0:
            job.update({
                "retry_count": rng.randrange(5), "failed_at": at, "error_message": "execution expired",
                "error_class": rng.choice([
                    "Timeout::Error", "ActiveRecord::RecordNotFound", "Net::ReadTimeout"])})
        return objects.compact(job)
    return make


def celery_job(rng):
    verbs = ["send", "process", "sync", "update"]
    names = [
        f"{rng.choice(words.SERVICES)}.tasks.{rng.choice(verbs)}_{rng.choice(words.NOUNS)}" for _ in range(4)]
    tasks = [(name, arguments(rng)) for name in names]
    host = f"{rng.choice(['worker', 'web', 'celery'])}-{text(rng, HEX, 6)}"
    origin, reply = f"gen{rng.randrange(10**5)}@{host}", draws.uuid(rng)

    def make():
        number, (task, make_arguments) = draws.uuid(rng), rng.choice(tasks)
        args = make_arguments()
        body = objects.spaced([args, {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}])
        return objects.spaced({
            "body": base64.b64encode(body.encode()).decode(), "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": {
                "lang": "py", "task": task, "id": number, "shadow": None, "eta": None, "expires": None,
                "group": None, "group_index": None, "retries": 0, "timelimit": [None, None],
                "root_id": number, "parent_id": None, "argsrepr": repr(tuple(args)), "kwargsrepr": "{}",
                "origin": origin, "ignore_result": False},
            "properties": {
                "correlation_id": number, "reply_to": reply, "delivery_mode": 2,
                "delivery_info": {"exchange": "", "routing_key": "celery"}, "priority": 0,
                "body_encoding": "base64", "delivery_tag": draws.uuid(rng)}})
    return make


def laravel_command(rng, name):
    """A serialised object of PHP: the job's own fields, then those that all jobs have."""
    model = rng.choice(["User", "Order", "Invoice", "Post", "Product"])
    field = rng.choice([f"\0{name}\0", "\0*\0", ""]) + rng.choice([model.lower(), "id", "data", "user"])
    reference = {
        "class": f"App\\Models\\{model}", "id": rng.randrange(10**6), "relations": [], "connection": "mysql",
        "collectionClass": None}
    kept = rng.choice([
        php(reference).replace("a:5", 'O:45:"Illuminate\\Contracts\\Database\\ModelIdentifier":5', 1),
        php(rng.randrange(10**6)), php(values.email(rng)()), php({"id": rng.randrange(10**6)})])
    rest = "".join(php(key) + php(None) for key in rng.choice([[], [
        "job", "connection", "queue", "delay", "afterCommit", "chainConnection", "chainQueue"]]))
    return f'O:{len(name)}:"{name}":{1 + rest.count("N;")}:{{{php(field)}{kept}{rest}}}'


def laravel_job(rng):
    folders = ["Jobs", "Jobs", "Mail", "Notifications"]
    jobs = [f"App\\{rng.choice(folders)}\\{job_name(rng)}" for _ in range(4)]

    def make():
        name = rng.choice(jobs)
        return json.dumps({
            "uuid": draws.uuid(rng), "displayName": name, "job": "Illuminate\\Queue\\CallQueuedHandler@call",
            "maxTries": rng.choice([None, 3]), "maxExceptions": None, "failOnTimeout": False, "backoff": None,
            "timeout": rng.choice([None, 60]), "retryUntil": None,
            "data": {"commandName": name, "command": laravel_command(rng, name)},
            **rng.choice([{}, {
                "id": text(rng, draws.BASE62, 32),
                "attempts": 0}])}, separators=(",", ":")).replace("/", "\\/")
    return make


def bull_job(rng):
    made = objects.nested(rng, rng.choice([
        objects.event, objects.person, objects.thing, objects.order, objects.custom]))
    return rng.choice([
        lambda: objects.compact(made(rng)),
        lambda: objects.compact({
            "attempts": 3, "backoff": {"type": "exponential", "delay": 1000}, "delay": 0,
            "timestamp": moment(rng) * 1000 + rng.randrange(1000), "removeOnComplete": True}),
        lambda: objects.compact({
            "id": str(rng.randrange(10**6)), "name": "__default__", "data": made(rng),
            "opts": {"attempts": 3, "delay": 0}, "progress": 0, "timestamp": moment(rng) * 1000,
            "returnvalue": None})])


def own_job(rng):
    name, args, write, spelled = job_name(rng), arguments(rng), objects.style(rng), objects.spelling(rng)
    fields = {
        "id": objects.ids(rng), "job_id": objects.ids(rng), "type": lambda r: name, "name": lambda r: name,
        "payload": objects.nested(rng, rng.choice([objects.order, objects.event, objects.custom])),
        "data": objects.nested(rng, rng.choice([objects.order, objects.person, objects.thing])),
        "args": lambda r: args(), "queue": lambda r: r.choice(QUEUES), "priority": objects.number_below(10),
        "attempts": objects.number_below(4), "max_attempts": lambda r: 3, "max_retries": lambda r: 5,
        "status": objects.one_of("queued", "running", "done", "failed"), "run_at": objects.times(rng),
        "scheduled_at": objects.maybe(objects.times(rng)), "timeout": lambda r: 60,
        "error": objects.one_of(None, None, "timeout"), "trace_id": lambda r: text(r, HEX, 32),
        "progress": objects.number_below(101), "result": objects.one_of(None, True)}
    made = objects.shape(rng, fields, spelled)
    return lambda: write(made(rng))


def job(rng):
    return rng.choice([
        own_job, own_job, own_job, sidekiq_job, sidekiq_job, celery_job, celery_job, laravel_job, bull_job,
        bull_job])(rng)
