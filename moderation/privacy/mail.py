"""Addresses of electronic mail, plain, written out against collectors, and those of everybody."""

import re
from collections.abc import Iterator

from moderation.privacy.labels import listed
from moderation.privacy.spots import PrivateKind, Raw, Sureness

_LOCAL = r"A-Za-z0-9_.+%'\-"
_LABEL = "A-Za-z0-9一-龥ぁ-んァ-ヶー"
_PLAIN = re.compile(
    rf"(?<![{_LOCAL}@/])[A-Za-z0-9_][{_LOCAL}]{{0,63}}@(?:[{_LABEL}][{_LABEL}-]{{0,62}}[.。]){{1,6}}[A-Za-z]{{2,24}}"
    r"(?![A-Za-z0-9@]|-[A-Za-z0-9])"
)
_AT = re.compile(
    r"[ \t]{0,3}(?:[\[({<]\s{0,2}(?:at|a|@|アットマーク|アット|あっと)\s{0,2}[\])}>]|アットマーク|あっとまーく|"
    r"(?<=[ \tA-Za-z0-9])アット(?=[ \tA-Za-z0-9])|"
    r"[★☆◎■●＠](?=[A-Za-z0-9])"
    r"|(?<=[ \t])at(?=[ \t])|(?<=[A-Za-z0-9])_at_(?=[A-Za-z0-9]))[ \t]{0,3}",
    re.IGNORECASE,
)
_DOT = (
    r"(?:\.|[ \t]{0,3}(?:[\[({<]\s{0,2}(?:dot|\.|ドット)\s{0,2}[\])}>]|ドット|どっと)[ \t]{0,3}|"
    r"[ \t]{1,3}dot[ \t]{1,3}|_dot_)"
)
_DOMAIN = re.compile(rf"[A-Za-z0-9][A-Za-z0-9-]{{0,62}}(?:{_DOT}[A-Za-z0-9][A-Za-z0-9-]{{0,62}}){{1,5}}", re.IGNORECASE)
_IS_DOT = re.compile(_DOT, re.IGNORECASE)
_SPELT_BEFORE = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z0-9_-]{1,24}(?:[ \t]{1,3}dot[ \t]{1,3}|[ \t]{0,3}[\[({]dot[\])}][ \t]{0,3}|_dot_)$",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?:[ \t]{1,3}dot[ \t]{1,3}|[ \t]{0,3}[\[({]dot[\])}][ \t]{0,3}|\.|_dot_)", re.IGNORECASE)
_SIGNS = (
    " dot ", "[dot", "(dot", "{dot", "_dot_", "[.", "(.", "[at", "(at", "{at", "<at", "[ at", "( at", "_at_", "(a)",
    "[a]", "[@", "(@", "<@",
    "アット", "あっと", "ドット", "★", "☆", "◎", "■", "●",
)  # fmt: skip
"""One of them stands in every address that is written out."""
_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-")
_SPLIT = re.compile(
    r"(?<![\w.+-])([A-Za-z0-9_.+-]{1,64})[ \t]{1,2}@[ \t]{1,2}((?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24})\b"
)
_FILES = listed(
    "png jpg jpeg gif svg webp ico js ts jsx tsx css scss html htm php py rb rs go java json yml yaml xml toml txt "
    "md csv log "
    "dll exe zip gz tar rpm deb jar conf ini sh bat vue lock"
)
_NOBODY = listed(
    "noreply no-reply donotreply do-not-reply nobody mailer-daemon postmaster hostmaster abuse webmaster git hg svn "
    "root admin user "
    "username you yourname your.name name someone somebody example test foo bar"
)
"""Not a person: mail goes nowhere, to a machine, or the text speaks of any address at all."""
_EVERYBODY = listed(
    "support info help helpdesk sales contact service office hello press jobs career careers feedback security "
    "privacy legal team "
    "kontakt hilfe presse vertrieb billing accounts newsletter community moderation moderators orders returns shop "
    "store "
    "reception enquiries inquiries"
)
"""Published addresses of offices: marked, no alarm."""
_SPOKEN = listed(
    "look looked looking me us it is are am was be been available found located hosted live here there out site "
    "website page "
    "shop store docs documentation arrived arrive meet meeting stay stayed us them him her you anyone people team "
    "staff guys work working works stop visit stuff just again up back and or the a an read see more started order "
    "ordered "
    "bought buy offered listed online shown download downloads released running runs sign login logged demo blog forum "
    "info today now once sold speaking posted answered guide guides manual documented described published"
)
"""What stands before a spoken "at" in ordinary sentences ("look at shop dot example")."""
_SHELL = re.compile(r"\b(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id|sshfs|git clone)[ \t](?:[^\n@]{0,60}[ \t])?$")
"""An account on a machine, not an address."""
_USERINFO = re.compile(r"://[^\s/@]{0,100}:$")
_MESSAGE_ID = re.compile(r"(?:message-id|in-reply-to|references)\s{0,3}:\s{0,3}<?[^\s<>]{0,80}$", re.IGNORECASE)


def mail_addresses(text: str) -> Iterator[Raw]:
    """Addresses with ``@``, with blanks around it, and with words in its place."""
    if "@" in text:
        yield from _plain(text)
        yield from _spaced(text)
    yield from _written_out(text)


def _plain(text: str) -> Iterator[Raw]:
    for match in _PLAIN.finditer(text):
        address = match[0]
        local, _, domain = address.partition("@")
        if domain.rpartition(".")[2].lower() in _FILES or ".." in address or local.endswith("."):
            continue
        before = text[max(0, match.start() - 120) : match.start()]
        if local.lower() == "git" or _SHELL.search(before) or _USERINFO.search(before) or _MESSAGE_ID.search(before):
            continue
        address = address.replace("。", ".").lower()
        yield Raw(PrivateKind.EMAIL, match.start(), match.end(), *_whose(local, "email"), address)


def _whose(local: str, reason: str) -> tuple[str, Sureness]:
    head = local.lower()
    if head in _NOBODY:
        return "email_nobody", Sureness.WEAK
    if head in _EVERYBODY or head.split("+")[0] in _EVERYBODY:
        return "email_office", Sureness.WEAK
    return reason, Sureness.CERTAIN


def _spaced(text: str) -> Iterator[Raw]:
    for match in _SPLIT.finditer(text):
        reason, sure = _whose(match[1], "email_hidden")
        yield Raw(PrivateKind.EMAIL, match.start(), match.end(), reason, sure, f"{match[1]}@{match[2]}".lower())


def _written_out(text: str) -> Iterator[Raw]:
    lowered = text.lower()
    if " AT " not in text and not any(sign in lowered for sign in _SIGNS):
        return
    for match in _AT.finditer(text):
        domain = _DOMAIN.match(text, match.end())
        if domain is None:
            continue
        start, end = _local_start(text, match.start()), _domain_end(domain)
        local, host = _IS_DOT.sub(".", text[start : match.start()]), _IS_DOT.sub(".", text[domain.start() : end])
        if not _is_hidden(local, match[0], text[domain.start() : end], host):
            continue
        reason, sure = _whose(local, "email_hidden")
        yield Raw(PrivateKind.EMAIL, start, end, reason, sure, f"{local}@{host}".lower())


def _local_start(text: str, end: int) -> int:
    start = end
    while start > 0 and end - start < 64 and text[start - 1] in _WORD:
        start -= 1
    more = _SPELT_BEFORE.search(text, max(0, start - 48), start)
    return more.start() if more and start < end else start


def _domain_end(domain: re.Match[str]) -> int:
    """A sentence may go on after the address: "... dot com dot" does not, "... dot com. Thanks" does."""
    whole = domain[0]
    parts = _IS_DOT.split(whole)
    while len(parts) > 2 and not (parts[-1].isalpha() and 2 <= len(parts[-1]) <= 12):
        parts.pop()
    end, at = domain.start(), 0
    for number, part in enumerate(parts):
        if number:
            dot = _IS_DOT.match(whole, at)
            at = dot.end() if dot else at
        at += len(part)
    return end + at


def _is_hidden(local: str, at: str, domain: str, host: str) -> bool:
    """A plain "at" counts only with a spelt-out dot, and not after the words of ordinary sentences."""
    suffix = host.rpartition(".")[2]
    if not local.strip("._+-") or not suffix.isalpha() or not 2 <= len(suffix) <= 24 or suffix.lower() in _FILES:
        return False
    if at.strip().lower() != "at":
        return True
    if at.strip() == "AT" and local.lower() not in _SPOKEN and not local.isupper():
        return True
    return local.lower() not in _SPOKEN and _DOTTED.search(domain) is not None and "dot" in domain.lower()
