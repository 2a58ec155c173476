"""A private redis-server on the loopback and a small client for it, with the standard library alone."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

START_SECONDS = 10
BATCH = 1000  # commands sent before their replies are read


class RedisError(Exception):
    """The server said no, or could not be started."""


class Client:
    """Speaks RESP 2. Arguments are bytes, str or int; replies bytes, int, None or lists of them."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._replies = self._socket.makefile("rb")

    def close(self):
        self._replies.close()
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def command(self, *arguments):
        self._socket.sendall(_packed(arguments))
        return self._reply()

    def pipeline(self, commands):
        """Replies to all the commands, in their order."""
        replies = []
        for start in range(0, len(commands), BATCH):
            batch = commands[start : start + BATCH]
            self._socket.sendall(b"".join(map(_packed, batch)))
            replies += [self._reply() for _ in batch]
        return replies

    def _reply(self):
        return self._reply_of(self._replies.readline())

    def _reply_of(self, line):
        if not line.endswith(b"\r\n"):
            raise RedisError("the server closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise RedisError(rest.decode())
        if kind == b"+":
            return rest
        if kind == b":":
            return int(rest)
        if int(rest) < 0:
            return None
        if kind == b"*":
            return self._array(int(rest))
        return self._replies.read(int(rest) + 2)[:-2]

    def _array(self, count):
        """Mostly of bytes, which are not worth a call each."""
        readline, read, items = self._replies.readline, self._replies.read, []
        for _ in range(count):
            line = readline()
            if line[:1] == b"$" and line[1:2] != b"-" and line[-2:] == b"\r\n":
                items.append(read(int(line[1:]) + 2)[:-2])
            else:
                items.append(self._reply_of(line))
        return items


def _packed(arguments):
    parts = [b"*%d\r\n" % len(arguments)]
    for argument in arguments:
        data = argument if isinstance(argument, bytes) else str(argument).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)


class Server:
    """`with Server() as server:` runs a redis-server of its own in a temporary folder, without persistence,
    and stops it at the end whatever happens. `options` are further ones of its command line."""

    def __init__(self, options=()):
        self._options = list(map(str, options))
        self.program = shutil.which("redis-server")
        if self.program is None:
            raise RedisError("there is no redis-server on this machine (Debian package redis-server)")
        self.port = None
        self._process = None
        self._folder = None

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="valpack-redis-")
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def client(self):
        return Client(self.port)

    def version(self):
        return self.info("server")["redis_version"]

    def info(self, section):
        with self.client() as client:
            lines = client.command("INFO", section).decode().splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def stop(self):
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _start(self):
        for _ in range(5):  # another program may take the port between finding it and using it
            self.port = _free_port()
            self._process = subprocess.Popen(
                [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self._folder.name,
                 "--save", "", "--appendonly", "no", "--daemonize", "no", "--logfile", "redis.log",
                 *self._options],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                cwd=self._folder.name)
            if self._wait_until_ready():
                return
        raise RedisError(f"{self.program} does not start: {self._log()}")

    def _wait_until_ready(self):
        """True when the server that was started here answers, and not another one on the same port."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if int(self.info("server")["process_id"]) == self._process.pid:
                    return True
            except (OSError, RedisError, KeyError, ValueError):
                pass
            time.sleep(0.02)
        self._process.kill()
        self._process.wait()
        return False

    def _log(self):
        log = Path(self._folder.name) / "redis.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return lines[-1] if lines else "it writes no log"


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def used_memory(server):
    """used_memory at rest: no other client, and the same number twice."""
    last = None
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if int(server.info("clients")["connected_clients"]) == 1:
            now = int(server.info("memory")["used_memory"])
            if now == last:
                return now
            last = now
        time.sleep(0.02)
    raise RedisError("used_memory does not come to rest")
