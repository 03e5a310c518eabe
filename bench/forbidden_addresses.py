"""Addresses that a spider must not connect to, and whether it does: `python -m bench.forbidden_addresses`.

Runs in a network namespace of its own (unshare, iproute2) in which every address of IPv4 and IPv6 is this machine, so that a
listener sees each connection that is made, to whatever address. The real spider is let loose on the list twice: with the
guard, and with the guard switched off. Public addresses are among it, too: those must be connected to both times.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AF_INET6, IPPROTO_IPV6, IPV6_V6ONLY
from typing import Any, ClassVar

REPO = Path(__file__).resolve().parents[1]
PUBLIC = ("93.184.216.34", "1.1.1.1", "8.8.8.8", "151.101.1.69", "2606:4700:4700::1111", "2001:4860:4860::8888")
_V4 = (
    "127.0.0.1 127.0.1.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.254 192.168.0.1 "
    "192.168.255.1 169.254.0.1 169.254.169.254 169.254.170.2 100.64.0.1 100.100.100.200 100.127.255.254 192.0.0.8 192.0.0.192 "
    "192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1 198.19.255.254 240.0.0.1 255.255.255.254 224.0.0.1 239.255.255.250 "
    # the same in other spellings: decimal, hexadecimal, octal, shortened
    "2130706433 0x7f000001 0x7f.0x0.0x0.0x1 0177.0.0.1 017700000001 127.1 127.0.1 0x7f.1 10.1 167772161 0xa000001 012.0.0.1 "
    "3232235521 0xc0a80001 0300.0250.0.1 192.168.1 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518 0 0x0 00"
)
_V6 = (
    "::1 :: fe80::1 febf::1 fc00::1 fd00::1 fd00:ec2::254 fec0::1 ff02::1 2001:db8::1 100::1 3fff::1 "
    # an IPv4 address inside: mapped, compatible, translated, NAT64, local NAT64, 6to4, Teredo
    "::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:7f00:1 ::ffff:a9fe:a9fe 0:0:0:0:0:ffff:c0a8:1 ::127.0.0.1 "
    "::a00:1 ::ffff:0:7f00:1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b::10.0.0.1 64:ff9b:1::a00:1 64:ff9b:1::5db8:d822 "
    "2002:7f00:1:: 2002:a9fe:a9fe:: 2002:c0a8:1:: 2001:0:4136:e378:8000:63bf:80ff:fffe 2001::f5ff:fffe"
)
NAMES = {
    "localhost": "127.0.0.1",
    "intranet.example": "10.20.30.40",
    "printer.example": "192.168.1.20",
    "metadata.example": "169.254.169.254",
    "shared.example": "100.64.1.1",
    "zero.example": "0.0.0.0",
    "upper.EXAMPLE": "172.20.1.1",
    "trailing.example.": "10.0.0.9",
}
REDIRECTED = ("127.0.0.1", "169.254.169.254", "10.0.0.1", "[::1]", "[::ffff:169.254.169.254]", "[64:ff9b::a00:1]", "2130706433",
              "metadata.example", "intranet.example", "0x7f000001", "[fd00:ec2::254]")  # fmt: skip
DAY = date(2026, 11, 20)


def forbidden() -> list[str]:
    """Every address, each with a path of its own."""
    hosts = [*_V4.split(), *(f"[{address}]" for address in _V6.split()), *NAMES]
    direct = [f"http://{host}/secret/{n}" for n, host in enumerate(hosts)]
    return direct + [f"http://{PUBLIC[0]}/redirect/{n}" for n in range(len(REDIRECTED))]


class _Listener(BaseHTTPRequestHandler):
    connections: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        here = self.connection.getsockname()[0].removeprefix("::ffff:")
        self.connections.append((here, self.path))
        redirect = "/redirect/" in self.path  # a proxy is asked for whole addresses
        self.send_response(302 if redirect else 404 if self.path.endswith("/robots.txt") else 200)
        if redirect:
            n = int(self.path.rpartition("/")[2])
            self.send_header("Location", f"http://{REDIRECTED[n]}/secret/redirected-{n}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


class _Server6(ThreadingHTTPServer):
    address_family = AF_INET6

    def server_bind(self) -> None:
        self.socket.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 0)
        super().server_bind()


@contextmanager
def _listening(port: int) -> Iterator[None]:
    _Listener.connections.clear()
    with _Server6(("::", port), _Listener) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield
        server.shutdown()


def spider(guarded: bool, proxy: str | None) -> None:
    """Let the spider loose on the list; for a process of its own."""
    from scrapy.crawler import CrawlerProcess
    from scrapy.resolver import CachingHostnameResolver

    from trending_assets.raw.crawl.__main__ import allowed, scrapy_settings
    from trending_assets.raw.crawl.addresses import Guard, guard_of
    from trending_assets.raw.crawl.documents import DocumentSpider
    from trending_assets.raw.crawl.job import DocumentJob, Manners
    from trending_assets.raw.crawl.reactor import GuardedReactor
    from trending_assets.raw.sources import Address

    class Resolver(CachingHostnameResolver):
        """Names as an attacker's DNS gives them."""

        def resolveHostName(self, receiver: Any, name: str, *arguments: Any, **more: Any) -> Any:  # type: ignore[override]
            known = {key.lower().rstrip("."): address for key, address in NAMES.items()}
            return super().resolveHostName(receiver, known.get(name.lower().rstrip("."), name), *arguments, **more)

    class Open(Guard):
        """The guard, switched off."""

        def check(self, address: str, port: int) -> None:
            """Let everything pass."""

    manners = Manners(
        user_agent="TrendingNow/0.1", delay=0, delays={}, timeout=3, max_body_bytes=10_000, proxy=proxy, allow=[]
    )
    public = [f"http://{f'[{ip}]' if ':' in ip else ip}/public" for ip in PUBLIC]
    job = DocumentJob(
        source="forbidden",
        kind="feed",
        document_kind="news",
        parser=None,
        selectors=None,
        addresses=[Address.model_construct(feed=url, crawl_delay=0.0) for url in [*forbidden(), *public]],
        partitions={},
        late_days=3,
        days=[DAY],
        today=DAY + timedelta(days=1),
        manners=manners,
    )
    GuardedReactor.guard = guard_of(allowed(manners)) if guarded else Open()
    settings = scrapy_settings(manners) | {"TWISTED_DNS_RESOLVER": Resolver, "LOG_LEVEL": "CRITICAL"}
    process = CrawlerProcess(settings)
    lines: list[dict[str, Any]] = []
    process.crawl(DocumentSpider, job=job, write=lines.append, say=lambda text: None)
    process.start()


def _run_spider(guarded: bool, proxy: str | None = None) -> list[tuple[str, str]]:
    with _listening(80):
        command = [sys.executable, "-m", "bench.forbidden_addresses", "--spider", str(int(guarded)), proxy or ""]
        subprocess.run(command, cwd=REPO, check=True)
        return list(_Listener.connections)


def _inside(out: Path) -> None:
    """In the namespace: make every address local, and let the spider loose with and without its guard."""
    for command in (
        "ip link set lo up",
        "ip -4 route add local 0.0.0.0/0 dev lo",
        "ip -6 route add local ::/0 dev lo",
    ):
        subprocess.run(command.split(), check=True)
    found = {
        "guard on": _run_spider(True),
        "guard off": _run_spider(False),
        "guard on, by a proxy": _run_spider(True, "http://127.0.0.1:80"),
    }
    out.write_text(json.dumps(found))


def measure() -> dict[str, tuple[int, int]] | None:
    """For each way, how many forbidden and how many public addresses were reached. None where no namespace can be had."""
    if not shutil.which("unshare") or not shutil.which("ip"):
        return None
    flags = ["-n"] if os.geteuid() == 0 else ["-rn"]
    if subprocess.run(["unshare", *flags, "true"], capture_output=True, check=False).returncode:
        return None
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "seen.json"
        command = ["unshare", *flags, sys.executable, "-m", "bench.forbidden_addresses", "--inside", str(out)]
        subprocess.run(command, cwd=REPO, check=True)
        seen = json.loads(out.read_text())
    return {way: _reached(way, connections) for way, connections in seen.items()}


def _reached(way: str, connections: list[list[str]]) -> tuple[int, int]:
    """Distinct forbidden and public addresses. The address of the listener tells; by a proxy, the request's target.

    A proxy resolves names itself, and must guard itself against what they resolve to: they do not count there.
    """
    if "proxy" in way:
        targets = {path for _, path in connections if not any(f"/{name.lower()}/" in path for name in NAMES)}
        return sum("/secret/" in t for t in targets), sum(t.endswith("/public") for t in targets)
    bad = {path for here, path in connections if here not in PUBLIC and "/secret/" in path}
    strays = {here for here, path in connections if here not in PUBLIC and "/secret/" not in path}
    return len(bad) if bad else len(strays), len({here for here, path in connections if path == "/public"})


def main(argv: list[str] | None = None) -> int:
    """Print what the listener saw. Exit 1 where the guard let one through, or the listener saw nothing without it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--spider", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.spider:
        spider(args.spider[0] == "1", args.spider[1] or None)
        return 0
    if args.inside:
        _inside(args.inside)
        return 0
    found = measure()
    if found is None:
        print("No network namespace can be made here (unshare and ip are needed, and the right to use them): left out.")
        return 0
    total = len(forbidden())
    print(
        f"{total} forbidden addresses (literal, other spellings, IPv4 in IPv6, by DNS, by redirect), {len(PUBLIC)} public ones:"
    )
    for way, (bad, public) in found.items():
        print(f"  {way:<22} the listener saw {bad:>3} of the forbidden, {public} of the public")
    return 0 if not found["guard on"][0] and found["guard off"][0] else 1


if __name__ == "__main__":
    raise SystemExit(main())
