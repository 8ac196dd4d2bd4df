"""Each detector on its own: forms, check digits, and what only looks like it. The corpus measures them together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.privacy.entropy import bits, is_random
from moderation.privacy.finder import Finder
from moderation.privacy.japan import my_number
from moderation.privacy.numbers import issuer, luhn, mod97
from moderation.privacy.spots import Sureness

FINDER = Finder()


def found(text: str) -> list[tuple[str, str]]:
    return [(spot.kind.value, text[spot.start : spot.end]) for spot in FINDER.find_in(text)]


def alarms(text: str) -> list[str]:
    return [spot.kind.value for spot in FINDER.find_in(text) if spot.alarms]


@pytest.mark.parametrize(
    ("digits", "who"),
    [
        ("4111111111111111", "visa"),
        ("4222222222222", "visa"),
        ("5555555555554444", "mastercard"),
        ("2223003122003222", "mastercard"),
        ("378282246310005", "amex"),
        ("3530111333300000", "jcb"),
        ("30569309025904", "diners"),
        ("6011111111111117", "discover"),
        ("6200000000000005", "unionpay"),
    ],
)
def test_cards_of_the_issuers(digits: str, who: str) -> None:
    assert (issuer(digits), luhn(digits)) == (who, True)
    assert found(f"card {digits} ok") == [("card", digits)]


@given(st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_no_card(place: int, by: int) -> None:
    digits = list("4111111111111111")
    digits[place] = str((int(digits[place]) + by) % 10)
    assert not luhn("".join(digits))


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",
        "1111 1111 1111 1111",
        "9999999999999995",
        "41111111111111111111",
        "0.4111111111111111",
        "build 4111111111111111",
        "4111 11 1111111 1111",
    ],
)
def test_long_numbers_that_are_no_cards(text: str) -> None:
    assert "card" not in alarms(text)


def test_a_date_after_a_card_does_not_hide_it() -> None:
    assert found("4111 1111 1111 1111 12/27")[0] == ("card", "4111 1111 1111 1111")


@pytest.mark.parametrize(
    "number",
    ["DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606", "NO9386011117947"],
)
def test_ibans_prove_themselves(number: str) -> None:
    assert mod97(number)
    spaced = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    assert found(f"to {spaced} please") == [("iban", spaced)]
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert found(f"to {wrong} please") == []
    assert found(f"to {number}7 please") == []


@pytest.mark.parametrize("number", ["123456789018", "987654321093", "555012345676"])
def test_my_number_has_a_check_digit(number: str) -> None:
    assert my_number(number)
    assert not my_number(number[:11] + str((int(number[11]) + 1) % 10))
    assert found(f"マイナンバーは{number}です") == [("personal_id", number)]
    assert found(f"部品は{number}です") == []


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("from 93.184.216.34 today", Sureness.CERTAIN),
        ("from 203.0.113.9 today", Sureness.LIKELY),
        ("from 2001:db8::c0ff:ee:17 today", Sureness.LIKELY),
        ("from 10.1.2.3 today", Sureness.WEAK),
        ("from 192.168.1.7 today", Sureness.WEAK),
        ("from fe80::1ff:fe23:4567:890a today", Sureness.WEAK),
    ],
)
def test_addresses_inside_and_for_documents_are_rated_lower(text: str, sure: Sureness) -> None:
    (spot,) = FINDER.find_in(text)
    assert spot.sureness is sure


@pytest.mark.parametrize(
    "text",
    [
        "version 10.0.19045.3803",
        "v1.2.3.4",
        "firmware 1.2.3.4",
        "1.2.3.4.5",
        "127.0.0.1",
        "0.0.0.0",
        "255.255.255.0",
        "12:34:56",
        "00:1A:2B:3C:4D:5E",
        "std::vector",
        "a::b",
        "10.0.0.0/8",
        "300.1.2.3",
        "バージョン2.10.0.7",
    ],
)
def test_dots_and_colons_that_are_no_address(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "password: ********",
        "password: <your password>",
        "password=${DB_PASSWORD}",
        '"password": "string"',
        "Password: required",
        "api_key=YOUR_API_KEY",
        "token: null",
        "password: must have 12 characters",
        "secret = os.environ['KEY']",
        "パスワードは8文字以上です",
        "パスワード：＊＊＊＊",
        "the key is to restart it",
    ],
)
def test_what_only_stands_for_a_secret(text: str) -> None:
    assert found(text) == []


def test_a_private_key_is_one_find_to_its_end() -> None:
    block = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7Zk3v9QpL2xT8\n-----END RSA PRIVATE KEY-----"
    assert found(f"here\n{block}\nthere") == [("access_key", block)]
    assert found("-----BEGIN CERTIFICATE-----\nMIIEowIBAAKCAQEA7Zk3v9QpL2xT8\n-----END CERTIFICATE-----") == []


def test_offices_are_marked_and_do_not_alarm() -> None:
    (spot,) = FINDER.find_in("ask support@shop.example")
    assert not spot.alarms
    assert alarms("ask ines@shop.example") == ["email"]


@given(st.text(max_size=60))
def test_entropy_is_never_negative_and_words_are_not_random(text: str) -> None:
    assert bits(text) >= 0
    assert not is_random("password", 4)
    assert not is_random("4.15.1", 4)
    assert is_random("Zk3v9QpL2xT8", 6)
