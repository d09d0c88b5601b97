"""「使えるかもしれません」 under /api: for everybody, without an account, and without keeping what was said.

The answers come whole with every request and go with it: no table, cookie or log line has them, and they
travel in the body, which no proxy writes down.
"""

import logging
from datetime import date

from fastapi import APIRouter, Depends

from field_assist import JST, Session, concierge
from signaling.accounts.sign_in import network_of
from signaling.api import eligibility_schema as schema
from signaling.api.auth import Address, Parts
from signaling.api.catalogue_routes import concierge_on
from signaling.api.services import spend

router = APIRouter(tags=["eligibility"], dependencies=[Depends(concierge_on)])
log = logging.getLogger(__name__)

catalogue, eligibility, entries = concierge.catalogue, concierge.eligibility, concierge.entries
_LONGEST_ID = 110


@router.post("/services/{service_id}/check")
async def check_eligibility(
    service_id: str, body: schema.EligibilityAnswers, parts: Parts, address: Address
) -> schema.EligibilityAnswer:
    """Judge what was said so far; `service_id` is the owner's code and ID, like 992011-P016."""
    await spend(parts, parts.limits.eligibility, network_of(address))
    answers = {
        name: None if said is None else concierge.circumstances.fitting(name, said)
        for name, said in body.answers.items()
    }
    entry = await parts.store.read(lambda rows: _programme(rows, service_id))
    rule = _rule(entry)
    today = parts.clock.wall().astimezone(JST).date()
    outcome = eligibility.judge(rule or eligibility.Rule(), answers, today)
    return schema.EligibilityAnswer(
        service=_brief(service_id, entry, today),
        has_rule=rule is not None,
        verdict=outcome.verdict.value if rule else "unsure",
        question=outcome.ask and _question(outcome.ask),
        findings=[_finding(one) for one in outcome.findings],
        desk=list(rule.desk) if rule else [],
        own_deadlines=list(outcome.deadlines),
    )


def _programme(rows: Session, service_id: str) -> concierge.entries.Entry:
    key = entries.key_from(entries.Kind.PROGRAMME, service_id[:_LONGEST_ID])
    found = catalogue.by_entry_id(rows, key.kind, key.entry_id, key.owner_code)
    if not found:
        raise catalogue.EntryUnknown
    return found[0].entry


def _rule(entry: concierge.entries.Entry) -> concierge.eligibility.Rule | None:
    """A rule its owner wrote wrongly is none: people are sent to the desk, and the log has where it broke."""
    written = entry.facts.get(eligibility.COLUMN, "")
    if not written:
        return None
    try:
        return eligibility.read(written)
    except eligibility.RuleBroken as broken:
        log.warning("rule.broken", extra={"entry": entry.entry_id, "part": broken.part})
        return None


def _brief(service_id: str, entry: concierge.entries.Entry, today: date) -> schema.ServiceBrief:
    facts = entry.facts
    reception, days_left = _reception(entry.starts, entry.ends, today)
    return schema.ServiceBrief(
        id=service_id,
        title=entry.title,
        title_en=entry.title_en,
        summary=entry.summary,
        easy=entry.easy,
        english=facts.get("x_英語説明", "").partition(";")[0],
        gives=facts.get("給付金額", ""),
        how=facts.get("利用・申請方法", ""),
        papers=[paper for paper in facts.get("手続書類", "").split(";") if paper],
        starts=entry.starts,
        ends=entry.ends,
        reception=reception,
        days_left=days_left,
        owner=entry.source.owner,
        contact=entry.contact,
        phone=entry.phone,
        url=entry.url,
        updated=entry.source.updated,
    )


def _reception(starts: date | None, ends: date | None, today: date) -> tuple[schema.Reception, int | None]:
    if starts is not None and today < starts:
        return "not_yet", None
    if ends is None:
        return "always", None
    return ("over", None) if today > ends else ("open", (ends - today).days)


def _question(asked: concierge.circumstances.Circumstance) -> schema.EligibilityQuestion:
    return schema.EligibilityQuestion(name=asked.name, shape=asked.shape.value, choices=list(asked.choices))


def _finding(one: concierge.eligibility.Finding) -> schema.EligibilityFinding:
    condition = one.condition
    return schema.EligibilityFinding(
        name=condition.about.name,
        test=condition.test.value,
        number=condition.number,
        unit=condition.unit,
        choices=list(condition.choices),
        holds=one.holds,
    )
