"""Addresses of machines: whoever reads one may learn where a person sits or what a company runs."""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_network

from moderation.privacy.labels import listed
from moderation.privacy.spots import PrivateKind, Raw, Sureness

_V4 = re.compile(r"[0-9](?<![0-9A-Za-z_.-][0-9])[0-9]{0,2}(?:\.[0-9]{1,3}){3}(?![0-9A-Za-z_]|\.[0-9]|-[0-9A-Za-z])")
_V6_SIGN = re.compile(r":[0-9A-Fa-f]{0,4}:")
_V6 = re.compile(r"(?<![0-9A-Za-z:._])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,45}(?![0-9A-Za-z_])")
_VERSION = re.compile(
    r"(?:\bv(?:er(?:sion)?|ersions)?\.?|\bversions?(?: number)?|release|firmware|build|driver|update|upgraded? (?:to|"
    r"from)|patch|bios|chrome|"
    r"chromium|firefox|edge|opera|safari|windows|oid|sections?|chapters?|clauses?|§|"
    r"バージョン|ファームウェア|リリース|ビルド|ドライバー?|アップデート|版)[ \t:=/はがのを]{0,4}(?:to |from |is |"
    r"was )?[(\"“]?$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"\.[ \t]{1,3}[A-Z]")
"""At the beginning of a line a number with a dot behind it counts a section."""
_RANGE = re.compile(r"/[0-9]{1,3}\b")
_VERSION_AFTER = re.compile(
    r"[ \t]{0,2}(?:版|バージョン|ビルド|[にへ](?:アップデート|更新|上げ|バージョンアップ)|release|build|version|"
    r"firmware|driver)",
    re.IGNORECASE,
)
_EVERYBODY = listed("8.8.8.8 8.8.4.4 1.1.1.1 1.0.0.1 9.9.9.9 149.112.112.112 208.67.222.222 208.67.220.220")
"""Public resolvers that every guide names."""
_EXAMPLES = tuple(map(ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")))
"""Set aside for documents (RFC 5737, RFC 3849, RFC 9637)."""


def ip_addresses(text: str) -> Iterator[Raw]:
    """IPv4 and IPv6 addresses of one machine, no networks, no versions; private and documentation ranges rate lower."""
    if "." in text:
        for match in _V4.finditer(text):
            yield from _v4(text, match)
    if _V6_SIGN.search(text):
        for match in _V6.finditer(text):
            if not _RANGE.match(text, match.end()):
                yield from _v6(match)


def _v4(text: str, match: re.Match[str]) -> Iterator[Raw]:
    try:
        address = IPv4Address(match[0])
    except AddressValueError:
        return
    if _is_version(text, match) or _RANGE.match(text, match.end()):
        return
    if _says_nothing(address) or match[0] in _EVERYBODY:
        return
    yield Raw(PrivateKind.IP, match.start(), match.end(), *_rated(address), str(address))


def _is_version(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 24) : match.start()]
    if before[-1:] in {"", "\n"} and _HEADING.match(text, match.end()):
        return True
    return _VERSION.search(before) is not None or _VERSION_AFTER.match(text, match.end()) is not None


def _v6(match: re.Match[str]) -> Iterator[Raw]:
    written = match[0].rstrip(".")
    if not written.endswith("::"):
        written = written.rstrip(":")
    if written.count(":") < 2 or not any(map(str.isdigit, written)):
        return
    try:
        address = IPv6Address(written)
    except AddressValueError:
        return
    if _says_nothing(address) or len([group for group in written.split(":") if group]) < 3:
        return
    yield Raw(PrivateKind.IP, match.start(), match.start() + len(written), *_rated(address), str(address))


def _says_nothing(address: IPv4Address | IPv6Address) -> bool:
    """Every machine has it, or none."""
    if isinstance(address, IPv4Address) and (address.packed[0] in {0, 255} or address.packed[3] == 0):
        return True
    return address.is_loopback or address.is_unspecified or address.is_multicast


def _rated(address: IPv4Address | IPv6Address) -> tuple[str, Sureness]:
    if any(address.version == network.version and address in network for network in _EXAMPLES):
        return "ip_example", Sureness.LIKELY
    if not address.is_global:
        return "ip_inside", Sureness.WEAK
    return "ip_public", Sureness.CERTAIN
