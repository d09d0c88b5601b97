"""One-time codes: RFC 6238's vectors, drift, replay, what people type."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.accounts import one_time_codes
from tests.clock import START

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)

    assert one_time_codes.current_code(SECRET, at) == code
    assert one_time_codes.check(SECRET, code, at, None) == one_time_codes.Verdict("ok", seconds // 30)


@pytest.mark.parametrize(
    ("drift_s", "last_used", "kind"),
    [
        (0, None, "ok"),
        (30, None, "ok"),
        (-30, None, "ok"),
        (60, None, "wrong"),
        (-60, None, "wrong"),
        (0, -1, "ok"),
        (0, 0, "used"),
        (0, 1, "used"),
        (-30, -1, "used"),
    ],
)
def test_one_step_of_drift_is_accepted_and_no_step_twice(
    drift_s: int, last_used: int | None, kind: str
) -> None:
    now_step = int(START.timestamp()) // 30
    code = one_time_codes.current_code(SECRET, START + timedelta(seconds=drift_s))

    verdict = one_time_codes.check(SECRET, code, START, None if last_used is None else now_step + last_used)

    assert verdict.kind == kind


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("123-456", "123456"),
        ("１２３４５６", "123456"),
        ("123ー456", "123456"),
        ("12345", ""),
        ("1234567", ""),
        ("12345a", ""),
        ("١٢٣٤٥٦", ""),
        ("", ""),
    ],
)
def test_what_people_type_is_read_kindly_and_nothing_else(typed: str, digits: str) -> None:
    assert one_time_codes.digits(typed) == digits


@given(st.text(max_size=200))
def test_any_text_is_judged_without_an_error(typed: str) -> None:
    assert one_time_codes.check(SECRET, typed, START, None).kind in ("ok", "wrong")
    assert len(one_time_codes.recovery_code(typed)) in (0, 16)


@given(st.binary(min_size=10, max_size=10))
def test_a_recovery_code_is_read_back_as_written_in_any_style(randomness: bytes) -> None:
    code = one_time_codes.format_recovery_code(randomness)

    assert one_time_codes.recovery_code(code) == code.replace("-", "")
    assert one_time_codes.recovery_code(f" {code.lower().replace('-', ' ')}　") == code.replace("-", "")


def test_the_key_uri_names_issuer_and_account() -> None:
    uri = one_time_codes.otpauth_uri("ABC", "F1001", "Genba あまね県")

    assert uri == (
        "otpauth://totp/Genba%20%E3%81%82%E3%81%BE%E3%81%AD%E7%9C%8C%3AF1001?secret=ABC"
        "&issuer=Genba%20%E3%81%82%E3%81%BE%E3%81%AD%E7%9C%8C&digits=6&period=30"
    )
