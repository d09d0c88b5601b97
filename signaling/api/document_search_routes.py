"""The list of the library and search in it, for staff who take calls; see `field_assist.document_search`."""

import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from field_assist import document_search
from signaling.api import document_search_schema as schema
from signaling.api.auth import Parts, Staff

router = APIRouter(tags=["documents"])
Values = Annotated[list[str], Query(max_length=20)]


@router.get("/documents")
async def search_documents(
    session: Staff,
    parts: Parts,
    q: Annotated[str, Query(max_length=400)] = "",
    exact: bool = False,
    audience: Literal["staff", "guests"] = "staff",
    disclosure: Values = [],  # noqa: B006 - FastAPI copies defaults
    kind: Values = [],  # noqa: B006
    unit: Values = [],  # noqa: B006
    tag: Values = [],  # noqa: B006
    case: Annotated[str, Query(max_length=26)] = "",
    older: bool = False,
    withdrawn: bool = False,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> schema.DocumentsAnswer:
    """Documents this person may see, best first, or the last changed first where nothing is looked for."""
    wanted = document_search.Wanted(
        typed=q,
        is_exact=exact,
        for_guests=audience == "guests",
        chosen={"disclosure": disclosure, "kind": kind, "unit": unit, "tags": tag},
        case_id=case,
        with_older=older,
        is_withdrawn=withdrawn,
        offset=offset,
    )
    began = time.perf_counter()
    found = await parts.store.read(lambda rows: document_search.search(rows, session.person, wanted))
    return _answer(found, (time.perf_counter() - began) * 1000)


def _answer(found: document_search.Found, took_ms: float) -> schema.DocumentsAnswer:
    facets = {
        facet: [schema.FacetValue(value=value, count=count) for value, count in counts.items()]
        for facet, counts in found.facets.items()
    }
    return schema.DocumentsAnswer(
        documents=[_document(hit) for hit in found.hits],
        total=found.documents,
        total_places=found.pages,
        missing_terms=found.missing_terms,
        also=[schema.AlsoWords(said=said, also=list(also)) for said, also in found.also],
        facets=schema.Facets.model_validate(facets),
        took_ms=round(took_ms, 1),
    )


def _document(hit: document_search.Hit) -> schema.FoundDocument:
    values: dict[str, Any] = hit.document.model_dump()  # Any: columns of several types
    snippets = [
        schema.FoundSnippet(**each.place._asdict(), text=each.text, marks=each.marks) for each in hit.snippets
    ]
    return schema.FoundDocument(
        **{name: values[name] for name in schema.FoundDocument.model_fields if name in values},
        title_marks=hit.title_marks,
        version=hit.version and schema.FoundVersion.model_validate(hit.version.model_dump()),
        pending=hit.pending and schema.FoundVersion.model_validate(hit.pending.model_dump()),
        places=[schema.FoundPlace(**place._asdict()) for place in hit.places],
        snippets=snippets,
        may_change=hit.may_change,
    )
