"""Addresses of the network: whose they are, and which are next to each other. Pure."""

import ipaddress

HOUSEHOLD = 64
"""Bits of an IPv6 address that a provider gives to one customer, who has all those below."""


def household(address: str) -> str:
    """The same for all addresses that one customer has at once; an address that is none, as it is."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, HOUSEHOLD), strict=False))
