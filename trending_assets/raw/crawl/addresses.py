"""Which addresses a crawl may connect to: public ones, and what the operator allows by name.

The check stands where the connection is made, on the address that is connected to: a redirect, a name that resolves to a
private address, or an odd spelling of one (decimal, octal, IPv4 inside IPv6) comes past the same place.
"""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from trending_assets.failures import BadInput, Reason

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")  # RFC 8215: a network's own translator, whatever is behind it
_COMPATIBLE = ipaddress.ip_network("::/96")  # RFC 4291, deprecated
_TRANSLATED = ipaddress.ip_network("::ffff:0:0:0/96")  # RFC 7915 (SIIT)
_UNICAST6 = ipaddress.ip_network("2000::/3")  # what IANA has given out of IPv6
_EXAMPLES6 = ipaddress.ip_network("3fff::/20")  # RFC 9637, younger than Python 3.12's table
_PROTOCOLS4 = ipaddress.ip_network("192.0.0.0/24")  # RFC 6890, private as a whole only from Python 3.12 on


def embedded(address: Ip) -> Ip:
    """The IPv4 address that an IPv6 one stands for (mapped, NAT64, 6to4, Teredo, compatible, translated), or itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in (_NAT64, _COMPATIBLE, _TRANSLATED)):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


@lru_cache(maxsize=4096)
def is_public(text: str) -> bool:
    """True for a unicast address of the public internet. False for what cannot be read as an address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    meant = embedded(address)
    if isinstance(meant, ipaddress.IPv6Address):
        return meant in _UNICAST6 and meant.is_global and meant not in _EXAMPLES6
    outside = meant.is_multicast or meant.is_reserved or meant in _PROTOCOLS4
    return meant.is_global and not outside and address not in _NAT64_LOCAL


def literal(host: str) -> str | None:
    """The address that a host of a URL spells out, in any spelling that a resolver takes (127.1, 0x7f000001); None for a name."""
    bare = host.strip("[]")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(bare))
    except (OSError, UnicodeEncodeError):
        return None


@dataclass(frozen=True)
class Guard:
    """What may be connected to. `networks` are allowed on every port, `places` (address, port) on that port alone."""

    networks: frozenset[Network] = field(default_factory=frozenset)
    places: frozenset[tuple[str, int]] = field(default_factory=frozenset)

    def check(self, address: str, port: int) -> None:
        """Raise BadInput(FORBIDDEN_ADDRESS) for an address that is not public and that the operator does not allow."""
        if is_public(address) or (address, port) in self.places:
            return
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            parsed = None
        if parsed is not None and any(parsed in network for network in self.networks):
            return
        raise BadInput(
            Reason.FORBIDDEN_ADDRESS,
            f"{address} is not a public address. If you trust it, name the host in TRENDING_ALLOW_HOSTS.",
        )


def guard_of(allowed: Iterable[str]) -> Guard:
    """The guard of the operator's list: networks (10.0.0.0/8), addresses, hosts and host:port. Names are resolved once.

    Raises ValueError for an entry that is neither; a name that does not resolve allows nothing.
    """
    networks: set[Network] = set()
    places: set[tuple[str, int]] = set()
    for entry in allowed:
        try:
            networks.add(ipaddress.ip_network(entry.strip("[]"), strict=False))
            continue
        except ValueError:
            pass
        host, colon, port = entry.rpartition(":")
        if not colon:
            host, port = entry, "0"
        if not host or "/" in host or not port.isascii() or not port.isdigit():
            raise ValueError(f"{entry!r} is no host, host:port, address or network")
        for found in _resolve(host.strip("[]")):
            if colon:
                places.add((found, int(port)))
            else:
                networks.add(ipaddress.ip_network(found))
        if colon:
            places.add((host, int(port)))  # a proxy's tunnel is connected to by its name
    return Guard(frozenset(networks), frozenset(places))


def _resolve(host: str) -> set[str]:
    try:
        return {str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError:
        return set()
