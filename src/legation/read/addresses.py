"""Which network addresses may be asked: public ones. Everything that leads into a house is refused."""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # translated by the network: as public as the address it carries


def _inside(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address carries: translated, tunnelled, in the old compatible form."""
    found = []
    if address.sixtofour:
        found.append(address.sixtofour)
    if address.teredo:
        found.extend(address.teredo)
    if address in _NAT64 or 0xFFFF < int(address) <= 0xFFFFFFFF:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found


def why_refused(text: str) -> str | None:
    """Why an address may not be asked, None when it is public. Text that is no address is refused."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return "no address"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return why_refused(str(address.ipv4_mapped))
        for carried in _inside(address):
            reason = why_refused(str(carried))
            if reason:
                return reason
        if address in _NAT64:
            return None
        if address.is_site_local:
            return "private"
    if address.is_unspecified:
        return "unspecified"
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        return "multicast"
    if address.is_private:
        return "private"
    if address.is_reserved:
        return "reserved"
    return None if address.is_global else "not public"
