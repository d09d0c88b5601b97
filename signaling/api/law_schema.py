"""The words of notices of changes of the law under /api/admin, for those who keep the catalogue."""

from dataclasses import fields
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from field_assist import concierge
from signaling.api.catalogue_schema import OwnerCode
from signaling.api.law_desk import LANGUAGES, LawSheet, Preview, Written
from signaling.api.notice_desk import Offer
from signaling.api.notices_schema import Choice, EntryKey
from signaling.api.schema import Language, Request

LawState = concierge.law_notices.LawState
LawTitle = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
LawText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1500)]
Needed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]


class LawNoticeRequest(Request):
    """What a keeper writes; nothing is kept without its source. `area` is meant for categories alone."""

    title: Annotated[LawTitle, StringConstraints(min_length=1)]
    text: Annotated[LawText, StringConstraints(min_length=1)]
    title_easy: LawTitle = ""
    text_easy: LawText = ""
    title_en: LawTitle = ""
    text_en: LawText = ""
    in_force_on: date
    basis: Needed
    source: Needed
    source_url: Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s<>\"']{3,}$")]
    source_on: date
    contact: Short = ""
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+()（） \-]{0,20}$")] = ""
    licences: Annotated[list[EntryKey], Field(max_length=50, default_factory=list)]
    categories: Annotated[list[EntryKey], Field(max_length=50, default_factory=list)]
    area: OwnerCode = ""

    @property
    def written(self) -> Written:
        """As the desk takes it."""
        titles = dict(zip(LANGUAGES, (self.title, self.title_easy, self.title_en), strict=True))
        texts = dict(zip(LANGUAGES, (self.text, self.text_easy, self.text_en), strict=True))
        same = self.model_dump(include={each.name for each in fields(Written)})
        return Written(titles=titles, texts=texts, **same)


class SendLawRequest(Request):
    """How many the preview said: fewer are not written to without another look."""

    previewed: Annotated[int, Field(ge=1)]


class LawNoticeView(BaseModel):
    """One of them; what stands behind `waiting`, `gone_out` and `on_page` is forgotten after 90 days."""

    id: str
    state: LawState
    title: str
    text: str
    title_easy: str
    text_easy: str
    title_en: str
    text_en: str
    in_force_on: date
    basis: str
    source: str
    source_url: str
    source_on: date
    contact: str
    phone: str
    licences: list[str]
    categories: list[str]
    area: str
    changed_at: datetime
    sent_at: datetime | None
    previewed: int
    reached: int
    waiting: int | None
    gone_out: int | None
    on_page: int | None


class LawNoticesAnswer(BaseModel):
    """The last ones, newest first, and whom one can be for; `is_open`: whether mails can be sent here."""

    notices: list[LawNoticeView]
    licences: list[Choice]
    categories: list[str]
    areas: list[Choice]
    is_open: bool


class LawWritten(BaseModel):
    """The draft that was kept."""

    id: str


class ReadersOf(BaseModel):
    """How many read a language, and whether the notice has words in it."""

    language: Language
    people: int
    is_written: bool


class ShownLaw(BaseModel):
    """What somebody reads in one language."""

    language: Language
    title: str
    lines: list[str]
    reason: str


class LawPreview(BaseModel):
    """Whom it reaches now at least: who receives notices on somebody's behalf comes on top."""

    people: int
    readers: list[ReadersOf]
    shown: list[ShownLaw]


def laws_answer(sheets: list[LawSheet], offer: Offer, *, is_open: bool) -> LawNoticesAnswer:
    """All of it."""
    return LawNoticesAnswer(
        notices=[_view(sheet) for sheet in sheets],
        licences=[Choice(key=key, name=name) for key, name in offer.licences],
        categories=list(offer.categories),
        areas=[Choice(key=key, name=name) for key, name in offer.areas],
        is_open=is_open,
    )


def preview_answer(found: Preview) -> LawPreview:
    """Of a draft."""
    languages: tuple[Language, ...] = ("ja", "ja-easy", "en")
    return LawPreview(
        people=found.audience.people,
        readers=[
            ReadersOf(
                language=each,
                people=found.audience.languages.get(each, 0),
                is_written=each in found.written,
            )
            for each in languages
        ],
        shown=[
            ShownLaw(language=language, title=told.title, lines=list(told.lines), reason=told.reason)
            for language, (_, told) in zip(languages, found.shown, strict=True)
        ],
    )


def _view(sheet: LawSheet) -> LawNoticeView:
    row = sheet.row
    return LawNoticeView(
        id=row.id,
        state=LawState(row.state),
        title=row.titles["ja"],
        text=row.texts["ja"],
        title_easy=row.titles.get("ja-easy", ""),
        text_easy=row.texts.get("ja-easy", ""),
        title_en=row.titles.get("en", ""),
        text_en=row.texts.get("en", ""),
        in_force_on=row.in_force_on,
        basis=row.basis,
        source=row.source,
        source_url=row.source_url,
        source_on=row.source_on,
        contact=row.contact,
        phone=row.phone,
        licences=row.licences,
        categories=row.categories,
        area=row.area,
        changed_at=row.changed_at,
        sent_at=row.sent_at,
        previewed=row.previewed,
        reached=row.reached,
        waiting=sheet.waiting,
        gone_out=sheet.gone_out,
        on_page=sheet.on_page,
    )
