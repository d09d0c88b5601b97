"""Devices that rings wake, under /api; for staff who are rung."""

from fastapi import APIRouter, Depends

from signaling.api import push_schema as schema
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.services import Services, spend
from signaling.push import devices
from signaling.push.devices import Subscription

router = APIRouter(tags=["push"], dependencies=[Depends(signed_in)])


@router.get("/push")
async def read_push(session: Staff, parts: Parts) -> schema.PushAnswer:
    """What to subscribe with, and one's own devices."""
    found = await parts.push_desk.own(session.person)
    return schema.PushAnswer(public_key=parts.push_desk.public_key, devices=[_view(row) for row in found])


@router.post("/push/devices", status_code=201)
async def add_push_device(
    body: schema.PushDeviceRequest, session: Staff, parts: Parts, address: Address
) -> schema.PushDevice:
    """Let this device be woken."""
    await _take(parts, session.person.identity)
    given = Subscription(body.endpoint, body.p256dh, body.auth)
    return _view(await parts.push_desk.add(session.person, given, (body.language, body.label), address))


@router.post("/push/devices/{device_id}/remove", status_code=204)
async def remove_push_device(device_id: str, session: Staff, parts: Parts, address: Address) -> None:
    """Do not wake it any more."""
    await parts.push_desk.remove(session.person, device_id, address)


@router.post("/push/devices/{device_id}/test", status_code=204)
async def test_push_device(device_id: str, session: Staff, parts: Parts) -> None:
    """Let it show a notification now."""
    await _take(parts, session.person.identity)
    await parts.push_desk.test(session.person, device_id)


def _view(row: devices.PushDevice) -> schema.PushDevice:
    return schema.PushDevice(id=row.id, label=row.label, added_at=row.added_at, used_at=row.used_at)


async def _take(parts: Services, key: str) -> None:
    await spend(parts, parts.limits.push, key)
