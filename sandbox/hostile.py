"""A hostile web on loopback, seeded: a forward proxy behind which every page is bad in its own way.

`http://h<k>.example/<form>/<kind>/<n>` answers in the way `kind` (a key of KINDS) in the form `page`, `feed`, `api` or
`chart`. `http://h<k>.example/list/<from>/<to>` is a sound Atom feed of sound addresses that lead to bad pages.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from socket import SO_LINGER, SOL_SOCKET
from typing import Any
from urllib.parse import urlsplit

HOSTS = 400
DAY = "2026-11-20"
FORMS = {"page": "text/html", "feed": "application/rss+xml", "api": "application/json", "chart": "text/html"}

Writer = asyncio.StreamWriter


def sound(form: str, n: int) -> bytes:
    """A body that is as it should be."""
    if form == "page":
        data = {
            "@context": "https://schema.org",
            "@type": "Review",
            "author": {"@type": "Person", "name": f"Critic {n}"},
        }
        data |= {"itemReviewed": {"@type": "Movie", "name": f"The Sound Film {n}", "dateCreated": "2026"}}
        data |= {
            "reviewBody": f"A sound page number {n} says what it thinks of a film.",
            "datePublished": f"{DAY}T08:00:00Z",
        }
        script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
        text = f"<p>A sound page number {n} says at some length what it thinks of a film, and of its music.</p>" * 3
        head = f"<!DOCTYPE html><html><head><title>T{n}</title>{script}</head>"
        return f"{head}<body><article>{text}</article></body></html>".encode()
    if form == "feed":
        return _rss([f"http://h{n % HOSTS}.example/item/{n}"])
    if form == "api":
        post = {
            "id": n,
            "name": f"Post {n}",
            "body": "Sound.",
            "ap_id": f"http://h1.example/post/{n}",
            "published": f"{DAY}T08:00:00Z",
        }
        return json.dumps({"posts": [{"post": post, "creator": {"name": "ann"}}]}).encode()
    return b"<table><tr><th>Rank</th><th>Release</th><th>Daily</th></tr><tr><td>1</td><td>Sound</td><td>$5</td></tr></table>"


def _rss(urls: list[str]) -> bytes:
    items = "".join(
        f"<item><link>{url}</link><title>Item</title><pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate></item>"
        for url in urls
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()


def _rng(kind: str, n: int) -> random.Random:
    return random.Random(f"{kind}/{n}")


# ---- bodies that are bad although HTTP is sound


def _noise(form: str, n: int) -> bytes:
    return _rng("noise", n).randbytes(3000)


def _nuls(form: str, n: int) -> bytes:
    body = bytearray(sound(form, n))
    for at in sorted(_rng("nuls", n).sample(range(len(body)), 20), reverse=True):
        body[at:at] = b"\x00"
    return bytes(body)


def _cut(form: str, n: int) -> bytes:
    body = sound(form, n)
    return body[: _rng("cut", n).randrange(1, len(body))]


def _flipped(form: str, n: int) -> bytes:
    body, rng = bytearray(sound(form, n)), _rng("flipped", n)
    for _ in range(30):
        body[rng.randrange(len(body))] = rng.randrange(256)
    return bytes(body)


def _nested_tags(form: str, n: int) -> bytes:
    depth = 100_000
    return b"<div>" * depth + sound(form, n) + b"</div>" * depth


@lru_cache(maxsize=4)
def _nested_json(form: str) -> bytes:
    deep = b'{"posts":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    return deep if form == "api" else b'<script type="application/ld+json">' + deep + b"</script>"


def _entities(form: str, n: int) -> bytes:
    levels = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">' for k in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{levels}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return f"{head}<rss version='2.0'><channel><title>&l9;&f;</title><item><link>http://a.example/</link></item></channel></rss>".encode()


@lru_cache(maxsize=8)
def _attributes(form: str) -> bytes:
    return b"<p " + b" ".join(f'a{k}="{k}"'.encode() for k in range(100_000)) + b">text</p>" + sound(form, 1)


@lru_cache(maxsize=8)
def _links(form: str) -> bytes:
    return b"".join(f'<a href="/{k}">link {k}</a>'.encode() for k in range(100_000)) + sound(form, 1)


def _comment(form: str, n: int) -> bytes:
    return b"<!--" + b"<script>" * 50_000 + sound(form, n)


def _one_word(form: str, n: int) -> bytes:
    return b"<html><body><p>" + b"a" * 2_000_000 + b"</p></body></html>"


def _lies(form: str, n: int) -> bytes:
    rng = _rng("lies", n)
    lie: Any = rng.choice(
        [None, [], {}, 0, -1, 10**400, "x", True, [[[]]], {"@value": {"@value": {}}}, "\ud800", 1e308 * 10]
    )
    text = json.dumps(
        {"@context": lie, "@type": rng.choice(["Review", ["Review", lie]]), "author": lie, "itemReviewed": lie}
        | {
            "reviewBody": rng.choice([lie, "A body."]),
            "reviewRating": rng.choice([lie, {"ratingValue": lie, "bestRating": lie}]),
        }
        | {
            "datePublished": lie,
            "inLanguage": lie,
            "headline": lie,
            "name": lie,
            "review": lie,
            "@graph": lie,
            "@id": lie,
        }
    )
    if form == "api":
        return json.dumps(
            {"posts": rng.choice([lie, [lie], [{"post": lie, "creator": lie}]]), "next_page": lie}
        ).encode()
    if form == "page":
        return f'<html><script type="application/ld+json">{text}</script></html>'.encode()
    row = f"<tr><td>{lie}</td><td></td><td>{lie}</td></tr>"
    return f"<table><tr><th>Rank</th><th>Release</th><th>Daily</th></tr>{row}</table>".encode("utf-8", "replace")


def _invisible(form: str, n: int) -> bytes:
    marks = "\u200b\u200c\u200d\u202a\u202e\u2066\u2069\ufeff\u00ad\U000e0041"
    return sound(form, n).replace(b" ", f" {marks} ".encode() * 40)


def _wrong_format(form: str, n: int) -> bytes:
    other = {"page": "feed", "feed": "page", "api": "page", "chart": "api"}[form]
    return sound(other, n)


def _no_addresses(form: str, n: int) -> bytes:
    rng = _rng("addresses", n)
    odd = [
        "",
        "javascript:alert(1)",
        "http://",
        "http://[",
        "http://a b/",
        "ftp://a.example/",
        "http://\x01",
        "data:,x",
        "http://a.example:99999/",
    ]
    return _rss([rng.choice(odd).replace("\x01", "&#1;") for _ in range(9)])


BODIES: dict[str, Callable[[str, int], bytes]] = {
    "sound": sound,
    "empty": lambda form, n: b"",
    "noise": _noise,
    "nuls": _nuls,
    "cut_text": _cut,
    "flipped_bytes": _flipped,
    "nested_tags": _nested_tags,
    "nested_json": lambda form, n: _nested_json(form),
    "entity_bomb": _entities,
    "attributes": lambda form, n: _attributes(form),
    "links": lambda form, n: _links(form),
    "unclosed_comment": _comment,
    "one_word": _one_word,
    "lying_json": _lies,
    "invisible": _invisible,
    "wrong_format": _wrong_format,
    "odd_addresses": _no_addresses,
    "utf16_unsaid": lambda form, n: sound(form, n).decode().encode("utf-16"),
    "utf7": lambda form, n: sound(form, n).decode().encode("utf-7"),
}


# ---- answers that are bad as HTTP


def _head(status: int, length: int | None, *more: str, kind: str = "text/html; charset=utf-8") -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {kind}", *more]
    lines += [f"Content-Length: {length}"] if length is not None else ["Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _send(writer: Writer, *parts: bytes) -> None:
    writer.write(b"".join(parts))
    await writer.drain()


async def _plain(writer: Writer, form: str, body: bytes, *more: str, status: int = 200) -> None:
    await _send(writer, _head(status, len(body), *more, kind=FORMS[form]), body)


async def _cut_gzip(writer: Writer, form: str, n: int) -> None:
    packed = gzip.compress(sound(form, n), mtime=0)
    await _plain(writer, form, packed[: _rng("gzip", n).randrange(1, len(packed) - 4)], "Content-Encoding: gzip")


async def _broken_gzip(writer: Writer, form: str, n: int) -> None:
    packed, rng = bytearray(gzip.compress(sound(form, n), mtime=0)), _rng("broken", n)
    for at in rng.sample(range(10, len(packed)), 20):
        packed[at] ^= 0xFF
    await _plain(writer, form, bytes(packed), "Content-Encoding: gzip")


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    return gzip.compress(b"\0" * 200_000_000, 9, mtime=0)


async def _gzip_bomb(writer: Writer, form: str, n: int) -> None:
    await _plain(writer, form, _bomb(), "Content-Encoding: gzip")


async def _not_gzip(writer: Writer, form: str, n: int) -> None:
    await _plain(writer, form, sound(form, n), "Content-Encoding: gzip")


async def _unasked_encoding(writer: Writer, form: str, n: int) -> None:
    await _plain(writer, form, sound(form, n), f"Content-Encoding: {_rng('enc', n).choice(['br', 'zstd', 'x-none'])}")


async def _huge(writer: Writer, form: str, n: int) -> None:
    """50 MB of text whose length nobody says before."""
    await _send(writer, _head(200, None, kind=FORMS[form]))
    block = b"word " * 13_107
    for _ in range(763):
        await _send(writer, block)
    writer.close()


async def _huge_said(writer: Writer, form: str, n: int) -> None:
    await _send(writer, _head(200, 50_000_000, kind=FORMS[form]), b"word " * 10_000)


async def _shorter(writer: Writer, form: str, n: int) -> None:
    """Less than Content-Length said, then the end."""
    body = sound(form, n)
    await _send(writer, _head(200, len(body) + 500, kind=FORMS[form]), body)
    writer.close()


async def _slow_body(writer: Writer, form: str, n: int) -> None:
    await _send(writer, _head(200, 10_000, kind=FORMS[form]))
    with suppress(ConnectionError):
        for _ in range(10_000):
            await _send(writer, b"x")
            await asyncio.sleep(0.2)


async def _silent(writer: Writer, form: str, n: int) -> None:
    await asyncio.sleep(30)


async def _reset(writer: Writer, form: str, n: int) -> None:
    writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _hang_up(writer: Writer, form: str, n: int) -> None:
    writer.close()


async def _no_http(writer: Writer, form: str, n: int) -> None:
    await _send(
        writer, _rng("http", n).choice([b"SSH-2.0-OpenSSH_9.9\r\n", b"\x00\x01\x02\r\n\r\n", b"HTTP/9 banana\r\n\r\n"])
    )
    writer.close()


async def _long_header(writer: Writer, form: str, n: int) -> None:
    await _plain(writer, form, sound(form, n), "X-Long: " + "a" * 100_000)


async def _loop(writer: Writer, form: str, n: int) -> None:
    where = f"http://h{n % HOSTS}.example/{form}/redirect_loop/{n}" + (
        "" if n % 2 else f"?again={_rng('loop', n).random()}"
    )
    await _plain(writer, form, b"", f"Location: {where}", status=302)


_AWAY = (
    "file:///etc/passwd",
    "ftp://a.example/",
    "javascript:alert(1)",
    "http://169.254.169.254/latest/",
    "http://127.0.0.1:22/",
    "http://[::ffff:10.0.0.1]/",
    "http://2130706433/",
    "gopher://a.example/",
    "http://",
    "//",
)


async def _redirect_away(writer: Writer, form: str, n: int) -> None:
    await _plain(writer, form, b"", f"Location: {_AWAY[n % len(_AWAY)]}", status=301 + n % 2)


def _storm(*statuses: int) -> Callable[[Writer, str, int], Awaitable[None]]:
    async def answer(writer: Writer, form: str, n: int) -> None:
        status = statuses[n % len(statuses)]
        wait = [f"Retry-After: {('1', '86400', 'soon', '-5')[n % 4]}"] if status == 429 else []
        await _plain(writer, form, b"<h1>no</h1>", *wait, status=status)

    return answer


def _charset(form: str, declared: str, real: str) -> Callable[[Writer, str, int], Awaitable[None]]:
    async def answer(writer: Writer, form: str, n: int) -> None:
        text = sound(form, n).decode().replace("sound", "söund — naïve")
        body = text.encode(real, "replace")
        await _send(writer, _head(200, len(body), kind=f"{FORMS[form]}; charset={declared}"), body)

    return answer


ANSWERS: dict[str, Callable[[Writer, str, int], Awaitable[None]]] = {
    "cut_gzip": _cut_gzip,
    "broken_gzip": _broken_gzip,
    "gzip_bomb": _gzip_bomb,
    "not_gzip": _not_gzip,
    "unasked_encoding": _unasked_encoding,
    "huge_text": _huge,
    "huge_text_said": _huge_said,
    "shorter_than_said": _shorter,
    "slow_body": _slow_body,
    "silent": _silent,
    "reset": _reset,
    "hang_up": _hang_up,
    "no_http": _no_http,
    "long_header": _long_header,
    "redirect_loop": _loop,
    "redirect_away": _redirect_away,
    "storm_429": _storm(429),
    "storm_500": _storm(500, 502, 504),
    "storm_503": _storm(503),
    "gone": _storm(404, 410, 403, 451, 418),
    "says_utf8_is_cp1251": _charset("page", "utf-8", "cp1252"),
    "says_latin1_is_utf8": _charset("page", "iso-8859-1", "utf-8"),
    "says_nonsense_charset": _charset("page", "x-klingon", "utf-8"),
    "says_utf16_is_utf8": _charset("page", "utf-16", "utf-8"),
}
KINDS = (*BODIES, *ANSWERS)
SLOW = ("slow_body", "silent")
"""Kinds that end by a time-out alone: a crawl of many takes that long."""


def address(form: str, kind: str, n: int) -> str:
    """The address of one bad input."""
    return f"http://h{n % HOSTS}.example/{form}/{kind}/{n}"


def kind_of(n: int, seed: int) -> str:
    """The kind of input number n: seeded, every kind as often as the others but for the slow ones (a fifth as often)."""
    rng = random.Random(f"{seed}/{n}")
    kind = rng.choice(KINDS)
    return rng.choice(KINDS) if kind in SLOW and rng.random() < 0.8 else kind


def _atom(first: int, last: int, seed: int, form: str) -> bytes:
    entries = "".join(
        f'<entry><id>{address(form, kind_of(n, seed), n)}</id><link href="{address(form, kind_of(n, seed), n)}"/>'
        f"<title>Entry {n}</title><updated>{DAY}T08:00:00Z</updated></entry>"
        for n in range(first, last)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>list</title><id>x</id>{entries}</feed>'.encode()


async def _answer(writer: Writer, target: str, seed: int) -> None:
    path = urlsplit(target).path
    parts = path.strip("/").split("/")
    if path == "/robots.txt":
        await _send(writer, _head(404, 0))
    elif parts[0] == "list":
        body = _atom(int(parts[1]), int(parts[2]), seed, parts[3])
        await _send(writer, _head(200, len(body), kind="application/atom+xml"), body)
    elif parts[0] in FORMS and len(parts) == 3 and parts[1] in BODIES:
        await _plain(writer, parts[0], BODIES[parts[1]](parts[0], int(parts[2])))
    elif parts[0] in FORMS and len(parts) == 3 and parts[1] in ANSWERS:
        await ANSWERS[parts[1]](writer, parts[0], int(parts[2]))
    else:
        await _send(writer, _head(404, 0))


@asynccontextmanager
async def serving(seed: int = 0) -> AsyncIterator[str]:
    """Serve the hostile web; yields the proxy's address."""
    tasks: set[asyncio.Task[None]] = set()

    async def connection(reader: asyncio.StreamReader, writer: Writer) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                await _answer(writer, head.split(b" ", 2)[1].decode("latin-1"), seed)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, asyncio.CancelledError):
            pass  # the client has gone, as the crawl does with most of these
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()


def main() -> None:
    """Serve until the process is ended; prints the address. `python -m sandbox.hostile [SEED]`."""
    import sys

    async def run() -> None:
        async with serving(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as url:
            print(f"hostile web on {url}", flush=True)
            await asyncio.Event().wait()

    with suppress(KeyboardInterrupt):
        asyncio.run(run())


if __name__ == "__main__":
    main()
