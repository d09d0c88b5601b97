"""Open data under /api, for everybody: files of each list, and what harvesters ask of a CKAN (/api/3/action).

No account, no cookie, any origin; limited by network. Answers may be kept for five minutes, and are named by
what they hold (ETag), so that whoever asks again for the same gets 304.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from field_assist import concierge
from signaling.accounts.sign_in import network_of
from signaling.api import catalogue_schema as schema
from signaling.api import origin
from signaling.api.auth import Address, Parts
from signaling.api.catalogue_desk import version_of
from signaling.api.catalogue_routes import concierge_on
from signaling.api.services import spend

HEADERS = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
MAX_RECORDS = 1_000
MAX_OFFSET = 1_000_000


async def _limited(parts: Parts, address: Address) -> None:
    await spend(parts, parts.limits.open_data, network_of(address))


router = APIRouter(tags=["open-data"], dependencies=[Depends(concierge_on), Depends(_limited)])


@router.get("/open-data")
async def list_open_data(parts: Parts, response: Response) -> schema.OpenDataAnswer:
    """Every list that everybody may use."""
    response.headers.update(HEADERS)
    return schema.OpenDataAnswer(
        lists=[schema.open_list(package) for package in await parts.catalogue_desk.packages()]
    )


@router.get("/open-data/{name}.{shape}", response_class=Response)
async def take_open_data(
    name: str, shape: concierge.open_data.Shape, request: Request, parts: Parts
) -> Response:
    """One list, as CSV, JSON or GeoJSON."""
    package = await parts.catalogue_desk.package(name)
    if shape not in package.shapes:
        raise concierge.catalogue.ListUnknown
    headers = HEADERS | {"ETag": f'"{version_of(package)}-{shape.value}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(name)}.{shape.value}"
    content = await parts.catalogue_desk.written(package, shape)
    media_type = concierge.open_data.MEDIA_TYPES[shape]
    if isinstance(content, bytes):
        return Response(content, media_type=media_type, headers=headers)
    return StreamingResponse(content, media_type=media_type, headers=headers)


@router.get("/3/action/package_list", response_class=JSONResponse)
async def package_list(request: Request, parts: Parts) -> JSONResponse:
    """CKAN: the names of all lists."""
    return _answer(request, parts, [package.name for package in await parts.catalogue_desk.packages()])


@router.get("/3/action/package_show", response_class=JSONResponse)
async def package_show(
    request: Request, parts: Parts, id_: Annotated[str, Query(alias="id", max_length=100)]
) -> JSONResponse:
    """CKAN: one list, with its files."""
    try:
        package = await parts.catalogue_desk.package(id_)
    except concierge.catalogue.ListUnknown:
        return _not_found(request, parts)
    return _answer(request, parts, concierge.open_data.package_shown(package, _base_url(request, parts)))


@router.get("/3/action/package_search", response_class=JSONResponse)
async def package_search(
    request: Request,
    parts: Parts,
    q: Annotated[str, Query(max_length=200)] = "",
    rows: Annotated[int, Query(ge=0, le=MAX_RECORDS)] = 10,
    start: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
) -> JSONResponse:
    """CKAN: lists in whose description all words stand; `*:*` is all of them."""
    words = "" if q == "*:*" else q
    packages = await parts.catalogue_desk.packages()
    found = [package for package in packages if concierge.open_data.matches(package, words)]
    base_url = _base_url(request, parts)
    shown = [concierge.open_data.package_shown(package, base_url) for package in found[start : start + rows]]
    return _answer(request, parts, {"count": len(found), "sort": "name asc", "results": shown})


@router.get("/3/action/datastore_search", response_class=JSONResponse)
async def datastore_search(
    request: Request,
    parts: Parts,
    resource_id: Annotated[str, Query(max_length=120)],
    filters: Annotated[str, Query(max_length=2_000)] = "{}",
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=0, le=MAX_RECORDS)] = 100,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
) -> JSONResponse:
    """CKAN: rows of a list; `filters` is a JSON object of headings and whole cells."""
    wanted = _filters(filters)
    if wanted is None:
        return _refusal(request, parts, 409, "Validation Error", "filters: a JSON object of texts")
    try:
        package = await parts.catalogue_desk.package(resource_id.removesuffix("-csv"))
    except concierge.catalogue.ListUnknown:
        return _not_found(request, parts)
    total, found = await parts.catalogue_desk.records(package, wanted, q, (offset, limit))
    return _answer(
        request,
        parts,
        {
            "resource_id": resource_id,
            "fields": [{"id": "_id", "type": "int"}]
            + [{"id": heading, "type": "text"} for heading in package.headings],
            "records": [
                {"_id": one.key} | {heading: one.entry.facts.get(heading, "") for heading in package.headings}
                for one in found
            ],
            "total": total,
            "limit": limit,
            "offset": offset,
        },
    )


def _filters(text: str) -> Mapping[str, str] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_texts = isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
    return found if is_texts and len(found) <= 20 else None


def _base_url(request: Request, parts: Parts) -> str:
    return origin.base_url(parts.public_url, request.url.scheme, request.headers.get("host", ""))


def _answer(request: Request, parts: Parts, result: Any) -> JSONResponse:  # Any: whatever JSON holds
    body = {"help": _help(request, parts), "success": True, "result": result}
    return JSONResponse(body, headers=HEADERS)


def _not_found(request: Request, parts: Parts) -> JSONResponse:
    return _refusal(request, parts, 404, "Not Found Error", "Not found")


def _refusal(request: Request, parts: Parts, status: int, sort: str, message: str) -> JSONResponse:
    """As CKAN refuses, for harvesters know no other way."""
    error = {"__type": sort, "message": message}
    body = {"help": _help(request, parts), "success": False, "error": error}
    return JSONResponse(body, status, HEADERS)


def _help(request: Request, parts: Parts) -> str:
    return f"{_base_url(request, parts)}/api/3/action/help_show?name={request.url.path.rsplit('/', 1)[-1]}"


def _quoted(name: str) -> str:
    """For a header (RFC 8187)."""
    return "".join(
        chr(byte) if chr(byte).isalnum() and byte < 128 else f"%{byte:02X}" for byte in name.encode()
    )
