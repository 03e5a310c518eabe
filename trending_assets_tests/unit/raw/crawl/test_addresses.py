"""The address guard: what is public, what spells an address, and what the operator allows."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.forbidden_addresses import _V4, _V6, PUBLIC, forbidden, measure
from trending_assets.failures import BadInput, Reason
from trending_assets.raw.crawl.addresses import guard_of, is_public, literal


@pytest.mark.parametrize("host", [*_V4.split(), *_V6.split()])
def test_no_spelling_of_a_private_address_is_public(host: str) -> None:
    spelled = literal(host)
    assert spelled is not None
    assert not is_public(spelled)
    with pytest.raises(BadInput, match="TRENDING_ALLOW_HOSTS") as caught:
        guard_of([]).check(spelled, 80)
    assert caught.value.reason is Reason.FORBIDDEN_ADDRESS


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert is_public(address)
    guard_of([]).check(address, 443)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_ipv6_disguise(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    mapped = ipaddress.IPv6Address(0xFFFF << 32 | number)
    nat64 = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | number)
    sixtofour = ipaddress.IPv6Address(0x2002 << 112 | number << 80)
    assert {is_public(str(found)) for found in (mapped, nat64, sixtofour)} == {is_public(str(address))}


@given(st.ip_addresses())
def test_private_by_python_is_never_public_here(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if address.is_private or address.is_multicast or address.is_loopback or address.is_link_local:
        assert not is_public(str(address))


@pytest.mark.parametrize("text", ["", "localhost", "1.2.3.4.5", "fe80::1%eth0", "::1%lo", "[::1]", "1.1.1.1 "])
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text)


@pytest.mark.parametrize("host", ["example.org", "a.b", "x1.example", "1.2.3.4.5.example"])
def test_names_spell_no_address(host: str) -> None:
    assert literal(host) is None


def test_the_operator_allows_networks_hosts_and_places() -> None:
    guard = guard_of(["10.0.0.0/8", "127.0.0.1:8900", "fd00::5"])
    guard.check("10.200.3.4", 9)
    guard.check("127.0.0.1", 8900)
    guard.check("fd00::5", 80)
    for address, port in (("127.0.0.1", 8901), ("192.168.0.1", 80), ("fd00::6", 80), ("169.254.169.254", 80)):
        with pytest.raises(BadInput):
            guard.check(address, port)
    guard_of(["localhost:8900"]).check("127.0.0.1", 8900)
    assert guard_of(["no-such-host.invalid"]) == guard_of([])


@pytest.mark.parametrize("entry", ["10.0.0.0/99", "host:port", ":80", "a/b"])
def test_an_entry_that_cannot_be_read_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="is no host, host:port, address or network"):
        guard_of([entry])


@pytest.mark.slow
def test_the_listener_sees_no_connection_with_the_guard_and_sees_them_without() -> None:
    found = measure()
    if found is None:
        pytest.skip("no network namespace can be made here (unshare and ip, and the right to use them)")
    total = len(forbidden())
    assert total >= 80
    assert found["guard on"] == (0, len(PUBLIC))
    assert found["guard on, by a proxy"] == (0, len(PUBLIC))
    assert found["guard off"][0] >= 80 and found["guard off"][1] == len(PUBLIC)
