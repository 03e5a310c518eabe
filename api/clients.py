"""Who asks: the address that a client is counted by."""

from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

UNKNOWN = "unknown"
"""Everybody whose address is not known, such as behind a Unix socket, is counted as one."""


def client_of(scope: Scope, trusted: int = 0) -> str:
    """The client's address: IPv4 as it is, IPv6 as its /64, which one person has as a whole.

    `trusted` is the number of proxies in front of us whose X-Forwarded-For is believed. Each adds the address that it was
    asked from at the end, so the client is the entry `trusted` places from the end; what stands before it, anybody can have
    written. Where that entry is missing or no address, the client is who is connected to us.
    """
    peer = scope.get("client")
    connected = peer[0] if peer else ""
    if trusted:
        hops = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
        named = _address(hops[-trusted]) if len(hops) >= trusted else None
        if named is not None:
            return named
    elif "." in connected and ":" not in connected:  # what is connected needs no check
        return str(connected)
    return _address(connected) or UNKNOWN


def _address(text: str) -> str | None:
    """An address as clients are counted by it, None for what is none. A port behind it is left out."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return f"{IPv6Address(int(found) >> 64 << 64)}/64"
    return str(found)
