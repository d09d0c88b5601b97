"""Whom a request rings: circles of people, nearest first, nobody twice, and never whoever asks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from field_assist.consultations import circles
from field_assist.people import CALLING_ROLES, Person, Role


def person(
    name: str,
    role: Role = Role.FIELD,
    *skills: str,
    office: str = "east",
    boss: str | None = None,
    deputies: tuple[str, ...] = (),
) -> Person:
    return Person(name, name, name, "", role, office=office, skills=skills, boss_id=boss, deputy_ids=deputies)


ASKER = person("asker", boss="boss")
BOSS = person("boss", Role.SUPERVISOR, deputies=("deputy",))
DEPUTY = person("deputy", Role.FIELD)
ONO = person("ono", Role.SPECIALIST, "road", office="head", deputies=("hayase",))
HAYASE = person("hayase", Role.SPECIALIST, "road", office="head")
VET = person("vet", Role.SPECIALIST, "farm", office="head")
OTHER = person("other", Role.SUPERVISOR, office="west")
ADMIN = person("admin", Role.ADMIN, "road")
EVERYBODY = (ASKER, BOSS, DEPUTY, ONO, HAYASE, VET, OTHER, ADMIN)


def test_a_topic_rings_at_its_specialists_and_then_at_whoever_is_responsible() -> None:
    assert circles(ASKER, EVERYBODY, topic="road") == [["ono", "hayase"], ["boss"]]


def test_a_topic_nobody_knows_and_none_at_all_ring_at_the_superior_and_the_deputy() -> None:
    assert circles(ASKER, EVERYBODY, topic="welfare") == [["boss"], ["deputy"]]
    assert circles(ASKER, EVERYBODY) == [["boss"], ["deputy"]]


def test_whoever_has_no_superior_rings_at_the_head_of_the_office() -> None:
    assert circles(person("asker"), EVERYBODY) == [["boss"], ["deputy"]]


def test_one_person_rings_alone_and_then_their_deputies() -> None:
    assert circles(ASKER, EVERYBODY, whom="ono") == [["ono"], ["hayase"]]


def test_where_nobody_can_be_named_everybody_responsible_is_asked() -> None:
    assert circles(ASKER, EVERYBODY, whom="admin") == [["boss", "other"]]
    assert circles(ASKER, (ASKER, VET, ADMIN), topic="road") == [["vet"]]


@given(
    st.lists(
        st.builds(
            person,
            st.sampled_from("abcdefgh"),
            st.sampled_from(list(Role)),
            st.sampled_from(("road", "farm")),
            boss=st.sampled_from((None, *"abcdefgh")),
            deputies=st.lists(st.sampled_from("abcdefgh"), max_size=3).map(tuple),
        ),
        unique_by=lambda each: each.id,
    ),
    st.sampled_from(("", "road", "farm")),
    st.sampled_from((None, *"abcdefgh")),
)
def test_nobody_is_rung_twice_nor_whoever_asks(everybody: list[Person], topic: str, whom: str | None) -> None:
    asker = person("a", boss="b")

    found = [each for circle in circles(asker, everybody, topic=topic, whom=whom) for each in circle]

    assert len(found) == len(set(found))
    assert "a" not in found
    if len([each for each in everybody if each.role in CALLING_ROLES and each.id != "a"]):
        assert found, "no request is nobody's"
