"""The REST interface under /api: a FastAPI sub-application put together from its routers.

Refusals of every kind, ours and the framework's, leave in one shape (`api_schema.ErrorAnswer`).
"""

import logging
from functools import cache
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from signaling import event_log
from signaling.api import (
    admin_routes,
    appointments_routes,
    ballots_routes,
    calls_routes,
    cards_routes,
    cases_routes,
    catalogue_routes,
    check_routes,
    concierge_routes,
    consents_routes,
    consultations_routes,
    decisions_routes,
    directory_routes,
    document_search_routes,
    documents_routes,
    eligibility_routes,
    events_routes,
    guests_routes,
    hold_routes,
    law_routes,
    letter_consents,
    minutes_routes,
    notes_routes,
    notices_routes,
    open_data_routes,
    portal_routes,
    push_routes,
    questions_routes,
    recaps_routes,
    record_routes,
    recordings_routes,
    redactions_routes,
    returns_routes,
    sharing_routes,
    sign_in_routes,
    slot_routes,
    staff_list_routes,
    stills_routes,
    transcript_keeping_routes,
    transcripts_routes,
    view_routes,
    waiting_routes,
    wall_routes,
)
from signaling.api.auth import SERVICES
from signaling.api.errors import OUTCOMES, PLAIN_STATUS, params
from signaling.api.schema import ErrorAnswer, ErrorBody
from signaling.api.services import Services

VERSION = "0.1.0"

ROUTERS = (
    sign_in_routes.router,
    directory_routes.router,
    calls_routes.router,
    calls_routes.chat_router,
    cases_routes.router,
    document_search_routes.router,
    sharing_routes.router,
    sharing_routes.guest_router,
    documents_routes.router,
    decisions_routes.router,
    ballots_routes.router,
    consultations_routes.router,
    wall_routes.router,
    hold_routes.router,
    notes_routes.router,
    notices_routes.router,
    stills_routes.router,
    transcripts_routes.router,
    transcript_keeping_routes.router,
    appointments_routes.router,
    appointments_routes.link_router,
    waiting_routes.router,
    waiting_routes.guest_router,
    questions_routes.router,
    questions_routes.call_router,
    consents_routes.router,
    consents_routes.call_router,
    view_routes.router,
    view_routes.call_router,
    record_routes.router,
    minutes_routes.router,
    redactions_routes.router,
    returns_routes.router,
    recaps_routes.router,
    recaps_routes.letter_router,
    letter_consents.router,
    catalogue_routes.router,
    slot_routes.router,
    law_routes.router,
    open_data_routes.router,
    recordings_routes.router,
    push_routes.router,
    guests_routes.router,
    check_routes.router,
    concierge_routes.router,
    cards_routes.router,
    cards_routes.call_router,
    eligibility_routes.router,
    portal_routes.router,
    admin_routes.router,
    staff_list_routes.router,
    events_routes.router,
)

log = logging.getLogger(__name__)


@cache
def create_api() -> FastAPI:
    """The sub-application, to be mounted at /api by `of_installation`.

    One for the process, whatever installations it has: to read hundreds of signatures takes half a second.
    """
    refusals: dict[int | str, dict[str, Any]] = {  # FastAPI's own type for extra responses
        status: {"model": ErrorAnswer} for status in (400, 401, 403, 404, 409, 422, 429, 503)
    }
    api = FastAPI(
        title="Genba",
        version=VERSION,
        servers=[{"url": "/api"}],
        root_path_in_servers=False,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_name_of,
        responses=refusals,
    )
    for router in ROUTERS:
        api.include_router(router)
    for kind in OUTCOMES:
        api.add_exception_handler(kind, _refuse)
    api.add_exception_handler(RequestValidationError, _refuse_invalid)
    api.add_exception_handler(HTTPException, _refuse_plainly)
    api.add_exception_handler(Exception, _admit_fault)
    return api


def of_installation(services: Services) -> ASGIApp:
    """The interface for one installation: what its routes act on comes with each request."""
    api = create_api()

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        scope[SERVICES] = services
        await api(scope, receive, send)

    return served


def refusal(
    status: int, key: str, facts: dict[str, str | int | float | bool | None], headers: dict[str, str]
) -> JSONResponse:
    """A refusal in the one shape."""
    body = ErrorAnswer(error=ErrorBody(key=key, params=facts, reference=event_log.reference()))
    return JSONResponse(body.model_dump(), status_code=status, headers=headers)


async def _refuse(request: Request, error: Exception) -> JSONResponse:
    outcome = OUTCOMES[type(error)]
    facts = params(error, outcome)
    log.info("refused", extra={"key": outcome.key, "status": outcome.status})
    headers = {"Retry-After": str(facts["retry_after_s"])} if "retry_after_s" in facts else {}
    return refusal(outcome.status, outcome.key, facts, headers)


async def _refuse_invalid(request: Request, error: Exception) -> JSONResponse:
    first = cast(RequestValidationError, error).errors()[0]  # registered for this class only
    field = ".".join(str(part) for part in first["loc"])
    return refusal(422, "request.invalid", {"field": field, "problem": str(first["type"])}, {})


async def _refuse_plainly(request: Request, error: Exception) -> JSONResponse:
    plain = cast(HTTPException, error)  # registered for this class only
    key = PLAIN_STATUS.get(plain.status_code, "request.invalid")
    return refusal(plain.status_code, key, {}, dict(plain.headers or {}))


async def _admit_fault(request: Request, error: Exception) -> JSONResponse:
    return refusal(500, "server.fault", {}, {})


def _name_of(route: APIRoute) -> str:
    return route.name
