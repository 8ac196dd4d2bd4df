"""Access keys by their known forms: prefixes of issuers, private key blocks, tokens that carry their own header."""

import re
from collections.abc import Iterator

from moderation.privacy.entropy import is_random
from moderation.privacy.labels import behind_words
from moderation.privacy.spots import PrivateKind, Raw, Sureness

_FORMS = (
    ("AKIA ASIA AROA AIDA", r"(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}"),
    ("ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{30,255}"),
    ("github_pat_", r"github_pat_[A-Za-z0-9_]{22,255}"),
    (
        "glpat- gldt- glrt- glptt- glcbt- glagent- glsoat- glft- gloas-",
        r"gl(?:pat|dt|rt|ptt|cbt|agent|soat|ft|oas)-[A-Za-z0-9_-]{20,128}",
    ),
    ("xox", r"xox[abeprs]-[A-Za-z0-9-]{10,128}"),
    ("xapp-", r"xapp-[0-9]-[A-Za-z0-9-]{10,128}"),
    ("_live_ _test_", r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{12,128}"),
    ("whsec_", r"whsec_[A-Za-z0-9+/=]{16,128}"),
    ("sk-", r"sk-(?:proj-|ant-|svcacct-|or-)?(?=[A-Za-z_-]{0,40}[0-9])[A-Za-z0-9_-]{20,200}"),
    ("AIza", r"AIza[0-9A-Za-z_-]{35}"),
    ("ya29.", r"ya29\.[0-9A-Za-z_-]{20,300}"),
    ("GOCSPX-", r"GOCSPX-[0-9A-Za-z_-]{20,40}"),
    ("SG.", r"SG\.[0-9A-Za-z_-]{16,32}\.[0-9A-Za-z_-]{32,64}"),
    ("key-", r"key-[0-9a-f]{32}"),
    ("npm_", r"npm_[A-Za-z0-9]{30,40}"),
    ("pypi-", r"pypi-[A-Za-z0-9_-]{40,255}"),
    ("dop_v1_", r"dop_v1_[0-9a-f]{64}"),
    ("hf_", r"hf_[A-Za-z0-9]{30,40}"),
    ("shpat_ shpca_ shppa_ shpss_", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    ("sq0atp- sq0csp-", r"sq0(?:atp|csp)-[0-9A-Za-z_-]{22,43}"),
    ("dckr_pat_", r"dckr_pat_[A-Za-z0-9_-]{20,40}"),
    ("glc_", r"glc_[A-Za-z0-9+/=]{32,200}"),
    ("hvs.", r"hvs\.[A-Za-z0-9_-]{24,200}"),
    ("AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    ("NRAK-", r"NRAK-[A-Z0-9]{27}"),
    ("PMAK-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    ("lin_api_", r"lin_api_[A-Za-z0-9]{40}"),
    ("AC SK", r"(?:AC|SK)[0-9a-f]{32}"),
    (":AA", r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"),
)
"""What stands in a text with such a key, and its form, as the issuers publish it for those who scan for leaks."""
_PREFIXED = tuple((tuple(signs.split()), re.compile(rf"(?:{form})(?![A-Za-z0-9_])")) for signs, form in _FORMS)
_TOKEN = re.compile(r"(?<![A-Za-z0-9_.-])eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,8000}(?:\.[A-Za-z0-9_-]{0,2000})?")
_BLOCK = re.compile(r"-----BEGIN ((?:[A-Z0-9]{1,12} ){0,3})PRIVATE KEY(?: BLOCK)?-----")
_BLOCK_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_LONGEST_BLOCK = 20_000
_HEADER_HEADS = re.compile("bearer|basic|token ")
_HEADER = re.compile(r"(?:bearer|(?<=[: ])basic|(?<=[: ])token)[ \t]{1,2}([A-Za-z0-9+/_.~=-]{16,2000})", re.IGNORECASE)
_HOOK = re.compile(
    r"https?://(?:hooks\.slack\.com/services/|discord(?:app)?\.com/api/webhooks/|"
    r"[A-Za-z0-9.-]{1,80}\.webhook\.office\.com/)"
    r"([A-Za-z0-9_/@-]{20,200})"
)
_CONNECTION = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+]{1,20}://([^\s/:@\"'<>]{0,64}):([^\s/@\"'<>]{3,100})@[A-Za-z0-9_.-]{1,120}"
)
_PARAMETER = re.compile(
    r"[?&;#](?:[A-Za-z]{0,12}[_-])?(?:token|api_?key|key|secret|password|passwd|pwd|pass|sig|signature|auth|"
    r"session(?:_?id)?|sid|jwt|code|otp)="
    r"([^\s&#\"'<>;]{6,2000})",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"[<>{}\[\]*…]|x{4,}|\.\.\.|your_|your-|placeholder|changeme|secret$|redacted|dummy|user(?:name)?$",
    re.IGNORECASE,
)


def access_keys(text: str) -> Iterator[Raw]:
    """Keys that are keys by their form alone."""
    for signs, form in _PREFIXED:
        if any(sign in text for sign in signs):
            for match in form.finditer(text):
                if not _is_dummy(match[0]) and not _inside_a_word(text, match.start()):
                    yield _key(*match.span(), "key_prefix", match[0])
    if "eyJ" in text:
        for match in _TOKEN.finditer(text):
            yield _key(*match.span(), "key_token", match[0])
    if "-----BEGIN" in text:
        yield from _blocks(text)
    for match in behind_words(text, text.lower(), _HEADER_HEADS, _HEADER):
        if is_random(match[1], 16) and not _is_dummy(match[1]):
            yield _key(*match.span(1), "key_header", match[1])


def _inside_a_word(text: str, at: int) -> bool:
    before = text[at - 1 : at]
    return before.isascii() and (before.isalnum() or before == "_")


def _blocks(text: str) -> Iterator[Raw]:
    """Each block to its end, or as far as a key may be long where the end is missing."""
    done = 0
    for match in _BLOCK.finditer(text):
        if match.start() < done:
            continue
        limit = match.end() + _LONGEST_BLOCK
        end = _BLOCK_END.search(text, match.end(), limit)
        rest = text[match.end() : end.start() if end else min(limit, match.end() + 400)]
        done = end.end() if end else match.end()
        if any(len(line.strip()) >= 16 and "..." not in line for line in rest.splitlines()):
            yield _key(match.start(), done, "key_block", match[0] + rest)


def addresses_with_keys(text: str) -> Iterator[Raw]:
    """Addresses of the web that carry a secret: hooks, ``name:password@host``, ``?token=``."""
    if "://" in text:
        for match in _HOOK.finditer(text):
            if not _PLACEHOLDER.search(match[1]):
                yield _key(*match.span(1), "key_hook", match[1])
        for match in _CONNECTION.finditer(text):
            if not _PLACEHOLDER.search(match[2]) and match[2].lower() not in {
                "password",
                "pass",
                "pw",
                "pwd",
                "passwd",
            }:
                yield Raw(PrivateKind.PASSWORD, *match.span(2), "password_address", Sureness.CERTAIN, match[2])
    if "=" in text and ("?" in text or "&" in text or "#" in text):
        for match in _PARAMETER.finditer(text):
            if is_random(match[1], 6) and not _PLACEHOLDER.search(match[1]):
                yield _key(*match.span(1), "key_parameter", match[1])


def _key(start: int, end: int, reason: str, value: str) -> Raw:
    return Raw(PrivateKind.ACCESS_KEY, start, end, reason, Sureness.CERTAIN, value)


def _is_dummy(value: str) -> bool:
    """Stands for a key: one sign repeated, or words that say so."""
    tail = value[-12:]
    return len(set(tail)) < 3 or _PLACEHOLDER.search(value[:60]) is not None
