"""ICE-lite: who may move the path, and what garbage does (nothing)."""

from __future__ import annotations

import pytest
from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from media.ice import (
    CONSENT_TIMEOUT_S,
    GONE_TIMEOUT_S,
    MAX_CREDENTIALS,
    PROBATION_S,
    WORKING_S,
    IceLite,
    host_candidate,
    is_stun,
    local_fragment,
    parse_check,
)

SOURCE = ("192.0.2.7", 4000)


def check(
    *,
    pwd: str = "p" * 24,
    ufrag: str = "abcd",
    client: str = "remote",
    nominate: bool = False,
    sign: bool = True,
) -> bytes:
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    request.attributes["USERNAME"] = f"{ufrag}:{client}"
    request.attributes["PRIORITY"] = 1
    request.attributes["ICE-CONTROLLING"] = 1
    if nominate:
        request.attributes["USE-CANDIDATE"] = None
    if sign:
        request.add_message_integrity(pwd.encode())
    return bytes(request)


def answer(agent: IceLite[str], datagram: bytes, path: str, now: float = 0.0) -> bytes | None:
    message = parse_check(datagram)
    assert message is not None
    return agent.answer_check(now, message, path, SOURCE)


def agent() -> IceLite[str]:
    return IceLite("abcd", "p" * 24)


def test_response_tells_the_client_its_address_and_is_signed() -> None:
    response = answer(agent(), check(), "a")

    assert response is not None
    message = stun.parse_message(response)
    assert message.attributes["XOR-MAPPED-ADDRESS"] == SOURCE
    assert message.check_message_integrity(b"p" * 24)


@pytest.mark.parametrize(
    "datagram", [check(pwd="x" * 24), check(sign=False), check(ufrag="zzzz")], ids=["forged", "bare", "other"]
)
def test_check_without_our_password_is_refused(datagram: bytes) -> None:
    lite = agent()

    assert answer(lite, datagram, "a") is None
    assert lite.path is None


def test_first_valid_path_is_used_and_only_nomination_moves_it() -> None:
    lite = agent()

    answer(lite, check(), "a")
    answer(lite, check(), "b")
    assert lite.path == "a"
    answer(lite, check(nominate=True), "b")
    assert lite.path == "b"


def test_lost_path_is_replaced_by_the_next_check() -> None:
    lite = agent()
    answer(lite, check(), "tcp")

    lite.forget_path("tcp")
    assert lite.path is None
    answer(lite, check(), "udp")

    assert lite.path == "udp"


def test_restart_keeps_the_previous_credentials_and_drops_older_ones() -> None:
    lite = agent()

    assert lite.restart("efgh", "q" * 24) is None
    assert answer(lite, check(), "a") is not None
    assert answer(lite, check(ufrag="efgh", pwd="q" * 24), "a") is not None
    for fragment in ("ijkl", "mnop"):
        assert lite.restart(fragment, "r" * 24) is None
    assert lite.restart("qrst", "s" * 24) == "abcd"
    assert answer(lite, check(), "a") is None


def test_restarts_that_pile_up_keep_the_credentials_in_use() -> None:
    lite = agent()
    answer(lite, check(), "a")

    for number in range(20):
        lite.restart(f"new{number}", "q" * 24)

    assert answer(lite, check(), "a") is not None
    assert answer(lite, check(ufrag="new19", pwd="q" * 24), "a") is not None
    assert len(lite.fragments) == MAX_CREDENTIALS


def test_silent_client_is_sent_nothing_and_may_come_back() -> None:
    lite = agent()
    assert not lite.consent_expired(1e9)
    answer(lite, check(), "a", now=10.0)

    assert not lite.consent_expired(10.0 + CONSENT_TIMEOUT_S)
    assert lite.path == "a"
    assert not lite.consent_expired(10.1 + CONSENT_TIMEOUT_S)
    assert lite.path is None
    answer(lite, check(), "b", now=60.0)
    assert lite.path == "b"
    assert not lite.consent_expired(60.0 + GONE_TIMEOUT_S)
    assert lite.consent_expired(60.1 + GONE_TIMEOUT_S)


def test_fragment_is_the_part_before_the_colon() -> None:
    message = parse_check(check())

    assert message is not None
    assert local_fragment(message) == "abcd"


@given(st.binary(max_size=200))
def test_any_bytes_are_no_check(data: bytes) -> None:
    assert parse_check(data) is None
    is_stun(data)


@given(st.integers(0, 19), st.binary(max_size=60))
def test_damaged_checks_never_raise(cut: int, garbage: bytes) -> None:
    whole = check()
    for damaged in (whole[: len(whole) - cut], whole + garbage, whole[:20] + garbage):
        message = parse_check(damaged)
        if message is not None:
            agent().answer_check(0.0, message, "a", SOURCE)


def test_udp_is_preferred_over_tcp() -> None:
    udp = host_candidate(0, "udp", "192.0.2.1", 7882).split()
    tcp = host_candidate(0, "tcp", "192.0.2.1", 7882).split()

    assert int(udp[3]) > int(tcp[3])
    assert tcp[-2:] == ["tcptype", "passive"]


def test_path_proven_by_keys_is_used_at_once_and_kept_when_a_check_confirms_it() -> None:
    ice = agent()
    answer(ice, check(), "old", now=1.0)

    ice.adopt(2.0, "new")
    assert ice.path == "new"
    answer(ice, check(), "new", now=4.0)
    ice.handle_timeout(2.0 + PROBATION_S)

    assert ice.path == "new"


def test_path_without_a_check_is_left_again_when_its_probation_ends() -> None:
    ice = agent()
    answer(ice, check(), "old", now=1.0)

    ice.adopt(2.0, "captured and sent from elsewhere")
    ice.handle_timeout(2.0 + PROBATION_S - 0.1)
    assert ice.path == "captured and sent from elsewhere"
    ice.handle_timeout(2.0 + PROBATION_S)

    assert ice.path == "old"


def test_nomination_ends_a_probation() -> None:
    ice = agent()
    answer(ice, check(), "old", now=1.0)
    ice.adopt(2.0, "new")

    answer(ice, check(nominate=True), "newer", now=3.0)
    ice.handle_timeout(2.0 + PROBATION_S)

    assert ice.path == "newer"


def test_a_client_that_restarts_keeps_its_way_until_it_has_the_answer() -> None:
    """Its new credentials against our old ones would lead it to a way that the answer takes away again."""
    lite = agent()
    assert answer(lite, check(), "a", now=10.0)
    lite.restart("new0", "q" * 24)

    assert answer(lite, check(client="later"), "b", now=10.1) is None
    assert answer(lite, check(), "a", now=10.2)
    assert answer(lite, check(ufrag="new0", pwd="q" * 24, client="later"), "b", now=10.3)


def test_a_client_whose_old_way_is_dead_is_answered_under_new_credentials() -> None:
    lite = agent()
    assert answer(lite, check(), "a", now=10.0)

    assert answer(lite, check(client="later", nominate=True), "b", now=10.0 + WORKING_S)
    assert lite.path == "b"


def test_credentials_that_we_offer_are_met_by_both_generations() -> None:
    lite = agent()
    assert answer(lite, check(), "a", now=10.0)
    lite.restart("new0", "q" * 24, is_offered=True)

    for client in ("remote", "later"):
        assert answer(lite, check(ufrag="new0", pwd="q" * 24, client=client), "a", now=10.1)
