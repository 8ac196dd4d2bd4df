"""Passwords, codes and keys that a text names as such: "password: …", "PIN is …", 「パスワードは…」."""

import re
from collections.abc import Callable, Iterator

from moderation.privacy.entropy import is_random
from moderation.privacy.labels import WORDS_BETWEEN, behind_words, either, listed
from moderation.privacy.spots import PrivateKind, Raw, Sureness

_SEPARATOR = (
    r"(?P<by>[\"']?[ \t]{0,3}(?:[:=]|=>|->|→)[ \t]{0,3}"
    r"|[ \t]{1,3}(?:is|was|ist)[ \t]{1,3}(?:still |now |just |currently )?[:=]?[ \t]{0,2}|[ \t]{1,2}(?=[\"'`]))"
)
_VALUE = r"(?:\"(?P<q1>[^\"\n]{3,200})\"|'(?P<q2>[^'\n]{3,200})'|`(?P<q3>[^`\n]{3,200})`|(?P<bare>[^\s\"'`<>]{3,300}))"
_PASSWORD_HEADS = re.compile(
    "pass|pw|kennwort|mot de passe|contraseña|login code|unlock code|door code|backup code|recovery |credential"
)
_PASSWORD = re.compile(
    r"(?P<word>passwords?|passwd|pwd|passphrase|passcode|passwort|kennwort|pass|pw|mot de passe|contraseña|"
    r"login code|unlock code|door code|backup codes?|recovery (?:codes?|key|phrase)|credentials?)"
    rf"(?:[ \t]\([^()\n]{{1,30}}\)|{WORDS_BETWEEN}){_SEPARATOR}{_VALUE}",
    re.IGNORECASE,
)
_PIN_HEADS = re.compile("pin|otp|one.time |verification code|2fa code|access code|security pin|sms code")
_PIN = re.compile(
    r"(?:pin|pin[ -]?code|pin[ -]?number|otp|one[ -]time (?:code|password)|verification code|2fa code|access code|"
    r"security pin|"
    rf"sms code){WORDS_BETWEEN}[ \t]{{0,3}}(?:is|was|[:=])[ \t]{{0,3}}(?:still |now )?([0-9]{{4,8}}|"
    rf"[0-9]{{3}}[ -][0-9]{{3}})"
    r"(?![0-9A-Za-z.,][0-9A-Za-z])",
    re.IGNORECASE,
)
_KEY_HEADS = re.compile(
    "api|access|secret|private|client|auth|refresh|bearer|session|token|account|licen|product|activation|serial|"
    "webhook|"
    "encryption|signing|credential|x-api-key|key"
)
_KEY = re.compile(
    r"(?P<word>api[ _-]?(?:key|token|secret)|access[ _-]?(?:key|token)(?:[ _-]?id)?|"
    r"secret(?:[ _-]?(?:access[ _-]?)?key)?|"
    r"private[ _-]?key|client[ _-]?secret|auth(?:entication|orization)?[ _-]?(?:token|key)|refresh[ _-]?token|"
    r"bearer[ _-]?token|"
    r"session[ _-]?(?:token|id|key)|token|account[ _-]?key|licen[cs]e[ _-]?key|product[ _-]?key|"
    r"activation[ _-]?(?:key|code)|"
    r"serial[ _-]?key|webhook[ _-]?secret|encryption[ _-]?key|signing[ _-]?key|credential|x-api-key|key)"
    rf"{WORDS_BETWEEN}{_SEPARATOR}{_VALUE}",
    re.IGNORECASE,
)
_JAPANESE_WORDS = either(
    "パスワード ログインパス パスフレーズ パスコード 暗証番号 暗証 合言葉 秘密の答え 認証コード 確認コード "
    "ワンタイムパスワード PINコード PIN番号 "
    "解除コード APIキー API鍵 アクセスキー アクセストークン 秘密鍵 シークレットキー シークレット トークン "
    "ライセンスキー プロダクトキー シリアルキー "
    "復旧キー リカバリーキー"
)
_JAPANESE = re.compile(
    rf"(?P<word>{_JAPANESE_WORDS})(?:\([^()\n]{{1,12}}\))?[ \t]{{0,3}}(?P<by>は|が|:|=|→|\t|「|『|を|(?<= ))"
    r"[ \t]{0,3}[「『\"'(]?(?P<bare>[!-~]{4,300})"
)
_HINTS = listed(
    "required incorrect invalid wrong optional hidden string str text null none nil undefined true false yes no "
    "empty blank "
    "missing expired forgotten forgot lost reset changed rejected accepted correct weak strong unknown here there "
    "below above "
    "same not too the a an it password passwort passwd pass secret token key value input field prompt file env must "
    "should "
    "please at only never always protected encrypted stored kept sent safe unsafe working broken ok okay fine set "
    "unset "
    "disabled enabled ignored n/a na tbd todo int integer boolean bool number object array varchar bytes redacted "
    "removed "
    "masked placeholder changeme example foobar"
)
_PLACEHOLDER = re.compile(
    r"[*•●＊]{2,}|^[xX#?_.…-]{3,}$|x{4,}|^[<\[{(%$]|\$\{|\{\{|%\w{1,30}%|os\.|env[.\[(]|process\.|getenv|config[.\[]|"
    r"settings[.\[]|"
    r"your[-_ ]?|_here|placeholder|redacted|changeme|\(\)|\]\.|^https?://|^/[a-z]|伏せ|省略",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Za-z_]\w{0,60}(?:\.\w{1,60}){0,8}[(\[]|[a-z_]\w{0,60}(?:\.[a-z_]\w{0,60}){1,8}[,;)]{0,3}$")
"""A call, an index, a path of names: what a program writes where a text would write the secret."""
_PLACEHOLDER_CASE = re.compile(r"^[A-Z]{2,20}(?:_[A-Z]{2,20}){1,6}$")
_REST_OF_SENTENCE = re.compile(r"[ \t]{1,3}[A-Za-z(]")
_TRAILING = ".,;:!?)」』】]}\"'"
_Fits = Callable[[str, str, bool, bool, bool], bool]
"""Is it a secret? Asked with value, word, whether no sign stands between, it is quoted, a sentence goes on."""
_FEW_WORDS = frozenset({"pass", "pw", "credential", "credentials", "key", "token", "secret"})


def passwords(text: str) -> Iterator[Raw]:
    """Values behind the words for passwords and keys, unless they only stand for one or go on as a sentence."""
    lowered = text.lower()
    for match in behind_words(text, lowered, _PASSWORD_HEADS, _PASSWORD):
        if (place := _value(text, match, _is_password)) is not None:
            yield Raw(PrivateKind.PASSWORD, *place, "password_label", Sureness.CERTAIN, text[slice(*place)])
    for match in behind_words(text, lowered, _PIN_HEADS, _PIN):
        yield Raw(PrivateKind.PASSWORD, *match.span(1), "pin_label", Sureness.CERTAIN, match[1])
    for match in behind_words(text, lowered, _KEY_HEADS, _KEY):
        if (place := _value(text, match, _is_key)) is not None:
            yield Raw(PrivateKind.ACCESS_KEY, *place, "key_label", Sureness.CERTAIN, text[slice(*place)])
    if not text.isascii():
        yield from _japanese(text)


def _japanese(text: str) -> Iterator[Raw]:
    for match in _JAPANESE.finditer(text):
        start, end = match.span("bare")
        end = start + len(text[start:end].rstrip(_TRAILING))
        value, word = text[start:end], match["word"]
        key = "キー" in word or "鍵" in word or "トークン" in word or "シークレット" in word
        if len(value) < 4 or _PLACEHOLDER.search(value) or value.lower() in _HINTS or value.startswith(("http", "//")):
            continue
        if (match["by"] == "を" and not any(map(str.isdigit, value))) or (key and not is_random(value, 8)):
            continue
        kind = PrivateKind.ACCESS_KEY if key else PrivateKind.PASSWORD
        yield Raw(kind, start, end, "key_label" if key else "password_label", Sureness.CERTAIN, value)


def _value(text: str, match: re.Match[str], fits: _Fits) -> tuple[int, int] | None:
    name = next(name for name in ("q1", "q2", "q3", "bare") if match[name] is not None)
    start, end = match.span(name)
    if name == "bare":
        value = match["bare"].rstrip(_TRAILING)
        if match["bare"].endswith(")") and value.count("(") > value.count(")"):
            value += ")"
        end = start + len(value)
    value = text[start:end]
    if name == "bare" and _CODE.match(value):
        return None
    if len(value) < 3 or value.lower() in _HINTS or _PLACEHOLDER.search(value) or _PLACEHOLDER_CASE.match(value):
        return None
    loose = match["by"].strip(" \t\"'") in {"is", "was", "ist", ""}
    quoted = name != "bare"
    on = bool(_REST_OF_SENTENCE.match(text, match.end())) and not quoted
    return (start, end) if fits(value, match["word"].lower(), loose, quoted, on) else None


def _is_password(value: str, word: str, loose: bool, quoted: bool, on: bool) -> bool:
    if (
        " " in value
        and not (quoted and any(map(str.isdigit, value)))
        and not word.startswith(("passphrase", "recovery"))
    ):
        return False
    digits = any(map(str.isdigit, value))
    signs = not value.replace("-", "").replace("'", "").isalnum() and not value.isalpha()
    mixed = digits or signs or (any(map(str.isupper, value[1:])) and any(map(str.islower, value)))
    if word in _FEW_WORDS and not (digits and len(value) >= 6 and not value.isdigit()):
        return False
    if loose:
        return (mixed and len(value) >= 6) or (quoted and len(value) >= 4)
    return mixed and len(value) >= 4 if on else len(value) >= 4


def _is_key(value: str, word: str, loose: bool, quoted: bool, on: bool) -> bool:
    del quoted, on
    if " " in value:
        return False
    shortest = 16 if loose or word == "key" else 10
    if word.startswith(("licen", "product", "activation", "serial")):
        shortest = 8
    return is_random(value, shortest)
