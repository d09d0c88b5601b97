"""The REST interface under /api: a FastAPI sub-application put together from its routers."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute

from signaling import api_schema as schema
from signaling.api_schema import ErrorAnswer

VERSION = "0.1.0"


class NotBuiltYet(Exception):
    """The route exists in the contract only."""


def _name_of(route: APIRoute) -> str:
    return route.name


def create_api() -> FastAPI:
    """The sub-application, to be mounted at /api."""
    refusals: dict[int | str, dict[str, Any]] = {
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
        generate_unique_id_function=_name_of,
        responses=refusals,
    )
    _contract(api)
    return api


def _contract(api: FastAPI) -> None:
    @api.post("/sign-in")
    async def sign_in(body: schema.SignInRequest) -> schema.SignInAnswer:
        raise NotBuiltYet

    @api.get("/enrolment")
    async def read_enrolment() -> schema.Enrolment:
        raise NotBuiltYet

    @api.post("/enrolment")
    async def finish_enrolment(body: schema.CodeRequest) -> schema.Enrolled:
        raise NotBuiltYet

    @api.post("/sign-in/otp")
    async def confirm_otp(body: schema.CodeRequest) -> schema.Me:
        raise NotBuiltYet

    @api.post("/sign-in/recovery")
    async def use_recovery_code(body: schema.CodeRequest) -> schema.RecoveredMe:
        raise NotBuiltYet

    @api.post("/sign-out", status_code=204)
    async def sign_out() -> None:
        raise NotBuiltYet

    @api.get("/me")
    async def read_me() -> schema.Me:
        raise NotBuiltYet

    @api.get("/public")
    async def read_public() -> schema.Public:
        raise NotBuiltYet

    @api.get("/topics")
    async def list_topics() -> list[schema.Topic]:
        raise NotBuiltYet

    @api.get("/staff")
    async def find_staff(q: str = "") -> list[schema.StaffEntry]:
        raise NotBuiltYet

    @api.get("/calls")
    async def list_calls() -> schema.CallsAnswer:
        raise NotBuiltYet

    @api.post("/calls", status_code=201)
    async def start_call(body: schema.StartCallRequest) -> schema.Connection:
        raise NotBuiltYet

    @api.get("/calls/{call_id}")
    async def read_call(call_id: str) -> schema.Call:
        raise NotBuiltYet

    @api.post("/calls/{call_id}/join")
    async def join_call(call_id: str) -> schema.Connection:
        raise NotBuiltYet

    @api.post("/calls/{call_id}/end")
    async def end_call(call_id: str) -> schema.Call:
        raise NotBuiltYet

    @api.post("/calls/{call_id}/members")
    async def add_member(call_id: str, body: schema.AddMemberRequest) -> schema.Call:
        raise NotBuiltYet

    @api.get("/calls/{call_id}/messages")
    async def list_messages(call_id: str) -> schema.MessagesAnswer:
        raise NotBuiltYet

    @api.post("/calls/{call_id}/messages", status_code=201)
    async def post_message(call_id: str, body: schema.MessageRequest) -> schema.MessagesAnswer:
        raise NotBuiltYet

    @api.post("/calls/{call_id}/invitations", status_code=201)
    async def create_invitation(call_id: str, body: schema.InviteRequest) -> schema.Invitation:
        raise NotBuiltYet

    @api.get("/calls/{call_id}/invitations")
    async def list_invitations(call_id: str) -> list[schema.Invitation]:
        raise NotBuiltYet

    @api.post("/invitations/{invitation_id}/revoke")
    async def revoke_invitation(invitation_id: str) -> schema.Invitation:
        raise NotBuiltYet

    @api.get("/join/{code}")
    async def view_invitation(code: str) -> schema.InvitationView:
        raise NotBuiltYet

    @api.post("/join/{code}")
    async def redeem_invitation(code: str, body: schema.RedeemRequest) -> schema.GuestConnection:
        raise NotBuiltYet

    @api.post("/guest/leave", status_code=204)
    async def guest_leave() -> None:
        raise NotBuiltYet

    @api.get("/access-log")
    async def read_access_log(after: int = 0, limit: int = 100) -> schema.AccessLogAnswer:
        raise NotBuiltYet

    @api.get("/admin/staff")
    async def list_admin_staff() -> schema.AdminStaffAnswer:
        raise NotBuiltYet

    @api.post("/admin/staff/{staff_id}/reset-otp")
    async def reset_otp(staff_id: str) -> schema.AdminStaffEntry:
        raise NotBuiltYet

    @api.post("/admin/staff/{staff_id}/unlock")
    async def unlock_staff(staff_id: str) -> schema.AdminStaffEntry:
        raise NotBuiltYet

    @api.get("/events", response_class=EventStream)
    async def read_events() -> None:
        raise NotBuiltYet

    async def answer_501(request: Request, error: Exception) -> JSONResponse:
        body = {"error": {"key": "not_built", "params": {}, "reference": ""}}
        return JSONResponse(body, status_code=501)

    api.add_exception_handler(NotBuiltYet, answer_501)


class EventStream(Response):
    media_type = "text/event-stream"
