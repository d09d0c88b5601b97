"""Every route under /api with every kind of caller. A new route fails here until somebody decides its row.

The columns are `CALLERS`; the call is of topic `road`, hosted by F1001 of the eastern office. A case of the
host has the call in it and is shared with one organisation: `partner` is a guest of that one in the same
call, `rival` a guest of another one. Both get what guests get, but where `PARTNERS` says otherwise.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from signaling import demo
from signaling.api.application import ROUTERS, create_api
from tests.installation import Installation, play
from tests.signaling.route_walk import LIVE, Walk
from tests.signaling.test_view_http import LINE

CALLERS = (
    "nobody",  # no cookie at all
    "half",  # password given, one-time code missing
    "enrolling",  # password given, no authenticator yet
    "guest",  # by a link of this call
    "stranger",  # a guest by a link of another call
    "host",  # F1001
    "colleague",  # F1002: same office, not a member
    "specialist",  # X2001: skilled in the topic
    "unskilled",  # X2002: a specialist for something else
    "supervisor",  # S3001: responsible for the office
    "admin",  # A9001
    "operator",  # O8001
    "partner",
    "rival",
)
PARTNERS = {"GET /guest/cases/{case_id}": "200 404"}
OPEN = "200 200 200 200 200 200 200 200 200 200 200 200"
STAFF = "401 403 403 401 401 200 200 200 200 200 200 200"
OF_CALL = "401 403 403 401 401 200 404 200 404 200 404 404"
LOCKED = "401 403 403 401 401 403 403 403 403 403 403 403"
OF_RECORDING = "401 403 403 401 401 403 404 403 404 200 404 404"
OF_RUNG = "401 403 403 401 401 200 200 200 200 200 403 403"
OF_ADMIN = "401 403 403 401 401 403 403 403 403 403 200 403"
OF_GUEST = "401 401 401 200 200 401 401 401 401 401 401 401"
# Of a case that F1001 owns and the call belongs to: a guest learns of none, by whatever link they came.
NO_GUEST = "401 403 403 404 404 200 200 200 200 200 200 200"
OF_CASE = "401 403 403 404 404 200 404 404 404 200 404 404"
OF_CALL_HERE = "401 403 403 404 404 200 404 200 404 200 404 404"
OF_DECISION = "401 403 403 404 404 200 404 200 404 200 404 404"
OF_TAKER = "401 403 403 401 401 200 404 404 404 404 404 404"
OF_SENDER = "401 403 403 404 404 200 404 404 404 404 404 404"
OF_LIBRARY = "401 403 403 401 401 200 200 200 200 200 404 404"
OF_LINKED = "401 403 403 401 401 200 404 404 404 200 404 404"
OF_OWNER = "401 403 403 401 401 200 403 403 403 200 404 404"
TABLE = {
    "GET /public": OPEN,
    "GET /join/{code}": OPEN,
    "GET /letter/{code}": OPEN,
    "POST /letter/{code}/mail": " ".join(["409"] * 12),  # nobody is refused, but there is no mail server
    # This letter is for no guest in particular.
    "GET /letter/{code}/consents": " ".join(["404"] * 12),
    "POST /letter/{code}/consents/withdraw": " ".join(["404"] * 12),
    "GET /notices": OPEN,
    "POST /notices": "422 422 422 422 422 422 422 422 422 422 422 422",
    # Of somebody who subscribed: whoever holds the link, as with a letter.
    "GET /notices/{code}": OPEN,
    "POST /notices/{code}/confirm": OPEN,
    "POST /notices/{code}/choices": OPEN,
    "POST /notices/{code}/follows": OPEN.replace("200", "201"),
    "POST /notices/{code}/follows/{follow_id}/remove": OPEN,
    "POST /notices/{code}/follows/{follow_id}/done": OPEN,
    "POST /notices/{code}/devices": OPEN.replace("200", "422"),
    "POST /notices/{code}/devices/{device_id}/remove": OPEN.replace("200", "404"),
    "POST /notices/{code}/proxies": "422 422 422 422 422 422 422 422 422 422 422 422",
    "POST /notices/{code}/proxies/{proxy_id}/remove": OPEN.replace("200", "404"),
    "POST /notices/{code}/stop": OPEN.replace("200", "204"),
    "POST /notice-stop/{subscriber_id}/{token}": OPEN,
    "GET /notice-stop/{subscriber_id}/{token}": OPEN.replace("200", "303"),
    "GET /check": OPEN,
    "GET /open-data": OPEN,
    # Nothing was taken in yet.
    "GET /open-data/{name}.{shape}": " ".join(["404"] * 12),
    "GET /3/action/package_list": OPEN,
    "GET /3/action/package_show": " ".join(["422"] * 12),
    "GET /3/action/package_search": OPEN,
    "GET /3/action/datastore_search": " ".join(["422"] * 12),
    "GET /admin/catalogue": OF_ADMIN,
    "PUT /admin/catalogue": OF_ADMIN,
    "POST /admin/catalogue/{list_id}": OF_ADMIN.replace("200", "404"),
    "GET /admin/catalogue/contradictions": OF_ADMIN,
    "GET /admin/catalogue/proposals": OF_ADMIN,
    "POST /admin/catalogue/proposals/{proposal_id}": OF_ADMIN.replace("200", "404"),
    "GET /admin/catalogue/{list_id}/changes": OF_ADMIN.replace("200", "404"),
    "GET /admin/law-notices": OF_ADMIN,
    "POST /admin/law-notices": OF_ADMIN.replace("200", "201"),
    "POST /admin/law-notices/{law_id}": OF_ADMIN.replace("200", "404"),
    "GET /admin/law-notices/{law_id}/preview": OF_ADMIN.replace("200", "404"),
    "POST /admin/law-notices/{law_id}/send": OF_ADMIN.replace("200", "409"),  # there is no mail server
    "POST /admin/law-notices/{law_id}/withdraw": OF_ADMIN.replace("200", "404"),
    "DELETE /admin/law-notices/{law_id}": OF_ADMIN.replace("200", "404"),
    "GET /admin/slot-feeds": OF_ADMIN,
    "POST /admin/slot-feeds": OF_ADMIN.replace("200", "201"),
    "POST /admin/slot-feeds/look": OF_ADMIN,
    "POST /admin/slot-feeds/{feed_id}": OF_ADMIN.replace("200", "404"),
    "POST /admin/slot-feeds/{feed_id}/pause": OF_ADMIN.replace("200", "404"),
    "POST /admin/slot-feeds/{feed_id}/fetch": OF_ADMIN.replace("200", "404"),
    "PUT /admin/slot-feeds/{feed_id}/slots": OF_ADMIN.replace("200", "404"),
    "DELETE /admin/slot-feeds/{feed_id}": OF_ADMIN.replace("200", "404"),
    "POST /check": "422 422 422 422 422 422 422 422 422 422 422 422",
    "POST /concierge/search": STAFF,
    "POST /services/search": OPEN,
    "GET /services": OPEN,
    "GET /services/list": OPEN,
    "GET /services/places": OPEN,
    "POST /services/works-nearby": OPEN,
    "GET /services/life/{event}": " ".join(["422"] * 12),  # there is no such event
    "GET /services/records/{kind}/{service_id}": " ".join(["422"] * 12),  # nor such a kind
    "POST /services/records/{kind}/{service_id}/seen": " ".join(["422"] * 12),
    "POST /services/recommended": OPEN,
    "GET /calls/{call_id}/suggestions": OF_CALL,
    "POST /calls/{call_id}/services": "401 403 403 401 401 404 404 404 404 404 404 404",  # no such list yet
    "POST /calls/{call_id}/services/preview": "401 403 403 401 401 404 404 404 404 404 404 404",
    "GET /calls/{call_id}/cards": "401 403 403 200 404 200 404 200 404 200 404 404",
    "POST /calls/{call_id}/cards/{card_id}/put-away": "401 403 403 401 401 404 404 404 404 404 404 404",
    "POST /calls/{call_id}/cards/{card_id}/seen": "401 401 401 404 404 401 401 401 401 401 401 401",
    "GET /join/{code}/cards": OPEN,
    "POST /concierge/rejections": STAFF.replace("200", "204"),
    "POST /concierge/papers": STAFF,
    "POST /services/{service_id}/check": " ".join(["404"] * 12),  # for everybody, but there is no list yet
    "GET /me": "401 200 200 401 401 200 200 200 200 200 200 200",
    "GET /enrolment": "401 409 200 401 401 409 409 409 409 409 409 409",
    "POST /enrolment": "401 409 422 401 401 409 409 409 409 409 409 409",
    "POST /sign-in/otp": "401 422 409 401 401 409 409 409 409 409 409 409",
    "POST /sign-in/recovery": "401 422 409 401 401 409 409 409 409 409 409 409",
    "GET /topics": STAFF,
    "GET /events": STAFF,
    "GET /calls": STAFF,
    "GET /staff": "401 403 403 401 401 200 200 200 200 200 200 403",
    "GET /me/presence": STAFF,
    "POST /me/presence": "401 403 403 401 401 200 200 200 200 200 403 403",
    "POST /calls": "401 403 403 401 401 201 201 201 201 201 403 403",
    "GET /calls/{call_id}": OF_CALL,
    "GET /calls/{call_id}/consultation": OF_CALL,
    "POST /calls/{call_id}/consultation/superior": "401 403 403 401 401 201 404 201 404 201 404 404",
    "POST /calls/{call_id}/consultation/withdraw": "401 403 403 401 401 204 404 403 404 204 404 404",
    # Nobody is in the room yet, so whoever may is told that there is nobody to talk to.
    "POST /calls/{call_id}/hold": "401 403 403 401 401 409 404 409 404 409 404 404",
    "POST /calls/{call_id}/hold/release": "401 403 403 401 401 204 404 204 404 204 404 404",
    "GET /calls/{call_id}/hand-overs": OF_CALL,
    "POST /calls/{call_id}/hand-overs": "401 403 403 401 401 201 404 403 404 201 404 404",
    # From F1001 to X2003, not accepted yet.
    "POST /hand-overs/{hand_over_id}/complete": "401 403 403 401 401 409 404 403 404 409 404 404",
    "POST /hand-overs/{hand_over_id}/cancel": "401 403 403 401 401 200 404 403 404 200 404 404",
    "GET /documents": STAFF,
    "GET /cases": NO_GUEST,
    "POST /cases": "401 403 403 404 404 201 201 201 201 201 403 403",
    "GET /cases/{case_id}": OF_CASE,
    "POST /cases/{case_id}/change": OF_CASE,
    # The code is wrong, which only who may take the case along is told.
    "GET /cases/{case_id}/bundle": OF_CASE,
    "POST /cases/{case_id}/bundle": OF_CASE.replace("200", "422"),
    # Nobody made one.
    "GET /bundles/{bundle_id}": "401 403 403 404 404 404 404 404 404 404 404 404",
    "POST /cases/{case_id}/comments": OF_CASE.replace("200", "201"),
    "POST /cases/{case_id}/close": OF_CASE,
    "POST /cases/{case_id}/reopen": OF_CASE,
    "POST /cases/{case_id}/calls": OF_CASE,
    "POST /cases/{case_id}/calls/{call_id}/unlink": OF_CASE,
    "POST /cases/{case_id}/shares": OF_CASE,
    "POST /cases/{case_id}/shares/{share_id}/end": OF_CASE,
    "POST /cases/{case_id}/entries/{entry_id}/share": OF_CASE,
    "GET /cases/{case_id}/shared-view": OF_CASE,
    "GET /organisations": "401 403 403 404 404 200 200 200 200 200 200 403",
    "POST /organisations": "401 403 403 404 404 403 403 403 403 201 201 403",
    "GET /guest/cases": "401 401 401 200 200 401 401 401 401 401 401 401",
    "GET /guest/cases/{case_id}": "401 401 401 404 404 401 401 401 401 401 401 401",
    "POST /documents": "401 403 403 401 401 201 201 201 201 201 403 403",
    # Of F1001: their office and department, everybody who takes calls reads, and nobody by link.
    "GET /documents/{document_id}": OF_LIBRARY,
    "PATCH /documents/{document_id}": OF_OWNER,
    "PUT /documents/{document_id}/content": OF_OWNER.replace("200", "202"),
    "POST /documents/{document_id}/cases/{case_id}": OF_LINKED,
    "DELETE /documents/{document_id}/cases/{case_id}": OF_LINKED,
    "GET /documents/versions/{version_id}": OF_LIBRARY,
    "GET /documents/versions/{version_id}/pages/{number}": OF_LIBRARY,
    "GET /documents/versions/{version_id}/original": OF_LIBRARY,
    # Of the case, handed in by the host to the supervisor; the specialist is the supervisor's deputy.
    "GET /cases/{case_id}/decisions": OF_CASE,
    "GET /cases/{case_id}/decisions.csv": OF_CASE,
    "GET /calls/{call_id}/decisions": OF_CALL_HERE,
    "GET /decisions": NO_GUEST,  # of those one may see
    "GET /decisions/waiting": NO_GUEST,
    "GET /decision-approvers": OF_CALL_HERE,
    "GET /decision-papers": OF_CALL_HERE,
    "POST /decisions": OF_CALL_HERE.replace("200", "201"),
    "GET /decisions/{decision_id}": OF_DECISION,
    "POST /decisions/{decision_id}/revise": "401 403 403 404 404 409 404 403 404 403 404 404",
    "POST /decisions/{decision_id}/hand-in": "401 403 403 404 404 200 404 403 404 403 404 404",
    "POST /decisions/{decision_id}/withdraw": "401 403 403 404 404 200 404 403 404 403 404 404",
    # The code is wrong, which only who may use one is told.
    "POST /decisions/{decision_id}/judge": "401 403 403 404 404 403 404 422 404 422 404 404",
    "POST /decisions/{decision_id}/vote": "401 403 403 404 404 403 404 403 404 403 404 404",
    # Of a member from outside, of whom this decision has none: who proposed it is told so.
    "POST /decisions/{decision_id}/members/{member_id}/send": (
        "401 403 403 404 404 404 404 403 404 403 404 404"
    ),
    "POST /decisions/{decision_id}/members/{member_id}/withdraw": (
        "401 403 403 404 404 404 404 403 404 403 404 404"
    ),
    # For whoever holds the link of one, which the code of an invitation is not.
    "GET /ballot/{code}": " ".join(["404"] * 12),
    "POST /ballot/{code}/code": " ".join(["404"] * 12),
    "POST /ballot/{code}/vote": " ".join(["404"] * 12),
    "GET /ballot/{code}/pages/{version_id}/{number}": " ".join(["404"] * 12),
    "GET /ballot/{code}/stills/{still_id}": " ".join(["404"] * 12),
    "POST /decisions/{decision_id}/oral": "401 403 403 404 404 200 404 200 404 409 404 404",
    # No still belongs to it.
    "GET /decisions/{decision_id}/evidence/{still_id}": "401 403 403 404 404 404 404 404 404 404 404 404",
    "GET /decision-rules": "401 403 403 404 404 200 200 200 200 200 200 403",
    "POST /decision-rules": OF_ADMIN.replace("401 401 403", "404 404 403"),
    "GET /calls/{call_id}/case": "401 403 403 404 404 200 404 200 404 200 404 404",
    "GET /rings": STAFF,
    "GET /push": OF_RUNG,
    "POST /push/devices": "401 403 403 401 401 422 422 422 422 422 403 403",
    "POST /push/devices/{device_id}/remove": "401 403 403 401 401 404 404 404 404 404 403 403",
    "POST /push/devices/{device_id}/test": "401 403 403 401 401 404 404 404 404 404 403 403",
    # Of a call of topic road: its specialist is asked, and whoever is responsible for the office.
    "POST /consultations/{consultation_id}/accept": "401 403 403 401 401 404 404 200 404 200 404 404",
    "POST /consultations/{consultation_id}/decline": "401 403 403 401 401 404 404 204 404 204 404 404",
    "POST /consultations/{consultation_id}/shown": "401 403 403 401 401 404 404 204 404 204 404 404",
    # Nobody has missed what still waits.
    "POST /consultations/{consultation_id}/call-back": "401 403 403 401 401 404 404 404 404 404 404 404",
    "POST /consultations/{consultation_id}/seen": "401 403 403 401 401 404 404 404 404 404 404 404",
    "POST /calls/{call_id}/join": OF_CALL,
    "GET /wall": "401 403 403 401 401 403 403 403 403 200 403 403",
    "POST /calls/{call_id}/listen": "401 403 403 401 401 403 404 403 404 200 404 404",
    "GET /calls/{call_id}/whisper": OF_CALL,
    # Whispering asks for being in the call first.
    "POST /calls/{call_id}/whisper": "401 403 403 401 401 403 404 403 404 409 404 404",
    "POST /calls/{call_id}/take-over": "401 403 403 401 401 403 404 403 404 200 404 404",
    "GET /announcements": STAFF,
    "POST /announcements": "401 403 403 401 401 403 403 403 403 201 403 403",
    "POST /calls/{call_id}/end": "401 403 403 401 401 200 404 403 404 200 404 404",
    "POST /calls/{call_id}/members": OF_CALL,
    "GET /calls/{call_id}/messages": "401 403 403 200 404 200 404 200 404 200 404 404",
    "POST /calls/{call_id}/messages": "401 403 403 201 404 201 404 201 404 201 404 404",
    "POST /calls/{call_id}/notes": "401 403 403 200 404 200 404 200 404 200 404 404",
    "PUT /calls/{call_id}/notes/{note_id}/bytes": OF_SENDER,
    "POST /calls/{call_id}/notes/{note_id}/complete": OF_SENDER,
    "GET /calls/{call_id}/notes/{note_id}/sound": "401 403 403 200 404 200 404 200 404 200 404 404",
    "POST /device-keys": "401 403 403 401 401 200 200 200 200 200 403 403",
    "GET /admin/device-keys": OF_ADMIN,
    "POST /admin/device-keys/{key_id}/revoke": OF_ADMIN,
    # Signed by the host, so who else may see the call is told that it is not theirs.
    "POST /calls/{call_id}/stills": "401 403 403 401 401 200 404 422 404 422 404 404",
    "PUT /stills/{still_id}/bytes": OF_TAKER,
    "POST /stills/{still_id}/complete": OF_TAKER.replace("200", "409"),  # nothing of it is here yet
    "GET /calls/{call_id}/stills": OF_CALL,
    # Nothing was presented: whoever is in the call is told that there is no such surface.
    "GET /calls/{call_id}/stills/{still_id}/image": "401 403 403 404 404 404 404 404 404 404 404 404",
    "GET /cases/{case_id}/stills": OF_CASE,
    "GET /stills/{still_id}": OF_CALL,
    "GET /stills/{still_id}/image": OF_CALL,
    "GET /stills/{still_id}/original": OF_CALL,
    "GET /stills/{still_id}/manifest": OF_CALL,
    "GET /stills/{still_id}/export": OF_CALL,
    "POST /calls/{call_id}/invitations": "401 403 403 401 401 201 404 201 404 201 404 404",
    "GET /calls/{call_id}/invitations": OF_CALL,
    "POST /invitations/{invitation_id}/revoke": OF_CALL,
    "POST /consultations/{consultation_id}/close": "401 403 403 401 401 404 404 409 404 409 404 404",
    "GET /guest/waiting": OF_GUEST,
    "POST /guest/call-back": OF_GUEST,
    "GET /appointment/{code}": OPEN,
    "GET /appointments": STAFF,
    "POST /appointments": "401 403 403 401 401 201 201 201 201 201 403 403",
    # Of X2001, booked by F1001: both, and nobody of another office.
    "POST /appointments/{appointment_id}": "401 403 403 401 401 200 404 200 404 404 404 404",
    "POST /appointments/{appointment_id}/cancel": "401 403 403 401 401 200 404 200 404 404 404 404",
    "POST /appointments/{appointment_id}/start": "401 403 403 401 401 200 404 200 404 404 404 404",
    "GET /calls/{call_id}/questions": "401 403 403 200 404 200 404 200 404 200 404 404",
    "POST /calls/{call_id}/questions": "401 403 403 201 404 201 404 201 404 201 404 404",
    "POST /questions/{question_id}": OF_CALL,
    "GET /questions": STAFF,
    "GET /calls/{call_id}/consents": "401 403 403 200 404 200 404 200 404 200 404 404",
    "POST /calls/{call_id}/consents/ask": OF_CALL,
    "GET /calls/{call_id}/recording": OF_CALL,
    "POST /calls/{call_id}/recording/start": OF_CALL,
    "POST /calls/{call_id}/recording/stop": OF_CALL,
    # Who may open it is asked for a code, and this one is wrong.
    "POST /calls/{call_id}/recording/open": OF_CALL.replace("200", "422"),
    "GET /calls/{call_id}/recording/tracks/{track_id}": LOCKED,
    "POST /calls/{call_id}/recording/exports": LOCKED,
    "GET /calls/{call_id}/recording/exports": LOCKED,
    "GET /calls/{call_id}/recording/exports/{layout}": LOCKED,
    "POST /calls/{call_id}/recording/confirm": OF_RECORDING,
    "POST /calls/{call_id}/recording/retention": OF_RECORDING,
    "POST /calls/{call_id}/recording/hold": OF_RECORDING,
    "POST /calls/{call_id}/recording/release": OF_RECORDING,
    "POST /calls/{call_id}/recording/dispose": OF_RECORDING.replace("200", "422"),
    "POST /calls/{call_id}/consents/answer": "401 403 403 200 404 200 404 200 404 200 404 404",
    # Nobody has taken anything back.
    "POST /calls/{call_id}/consents/settle": "401 403 403 409 404 409 404 409 404 409 404 404",
    "GET /calls/{call_id}/transcript": OF_CALL,
    "GET /calls/{call_id}/transcript/keeping": OF_CALL,
    "POST /calls/{call_id}/transcript/keeping/confirm": OF_RECORDING,
    "POST /calls/{call_id}/transcript/keeping/hold": OF_RECORDING,
    "POST /calls/{call_id}/transcript/keeping/release": OF_RECORDING,
    "GET /transcript": STAFF,  # of the calls one may see
    "GET /transcript/lines/{line_id}": OF_CALL,
    "POST /transcript/lines/{line_id}": OF_CALL,
    "POST /transcript/confirm": OF_CALL,
    "GET /calls/{call_id}/view": "401 403 403 200 404 200 404 200 404 200 404 404",
    "POST /calls/{call_id}/view/present": OF_CALL,
    "POST /calls/{call_id}/view/take-away": OF_CALL,
    "POST /calls/{call_id}/view/look": "401 403 403 200 404 200 404 200 404 200 404 404",
    # A live picture is everybody's in the call.
    "GET /calls/{call_id}/marks": "401 403 403 200 404 200 404 200 404 200 404 404",
    # Nothing was presented.
    "GET /calls/{call_id}/marks/pages": "401 403 403 404 404 404 404 404 404 404 404 404",
    "POST /calls/{call_id}/marks": "401 403 403 200 404 200 404 200 404 200 404 404",
    # A live picture has no image of the server's.
    "GET /calls/{call_id}/surfaces/{key}/image": "401 403 403 404 404 404 404 404 404 404 404 404",
    "GET /calls/{call_id}/kept": OF_CALL,
    "GET /calls/{call_id}/paper": OF_CALL,
    "GET /calls/{call_id}/record": OF_CALL,
    "GET /calls/{call_id}/minutes": OF_CALL,
    "POST /calls/{call_id}/minutes": OF_CALL,
    "GET /returns": STAFF,
    # Nobody answered for the line, and there are no minutes yet.
    "POST /transcript/lines/{line_id}/return": OF_RECORDING.replace("200", "409"),
    "POST /calls/{call_id}/minutes/return": OF_RECORDING.replace("200", "404"),
    "GET /calls/{call_id}/redactions": OF_CALL,
    # The call goes on, and nothing of it is hidden before it is over.
    "POST /calls/{call_id}/redactions": OF_RECORDING.replace("200", "409"),
    "POST /redactions/{redaction_id}/lift": OF_RECORDING,
    "GET /calls/{call_id}/recap": OF_CALL,
    "POST /calls/{call_id}/recap": OF_CALL,
    "POST /calls/{call_id}/letters": "401 403 403 401 401 201 404 201 404 201 404 404",
    "POST /letters/{letter_id}/revoke": OF_CALL,
    "POST /letters/{letter_id}/mail": "401 403 403 401 401 409 404 409 404 409 404 404",
    "POST /guest/leave": "401 401 401 204 204 401 401 401 401 401 401 401",
    "GET /access-log": OF_ADMIN,
    "GET /admin/staff": OF_ADMIN,
    "POST /admin/staff/{staff_id}/reset-otp": OF_ADMIN,
    "POST /admin/staff/{staff_id}/unlock": OF_ADMIN,
    "POST /admin/staff/{staff_id}": OF_ADMIN,
    "PUT /admin/staff-list": OF_ADMIN,
    "POST /sign-out": "401 204 204 401 401 204 204 204 204 204 204 204",
    # These come last, because they change who the browsers are.
    "POST /join/{code}": OPEN,
    "POST /sign-in": OPEN,
}
LAW: dict[str, object] = {
    **{"title": "届出が変わります", "text": "新しい様式で届け出てください。", "in_force_on": "2027-01-01"},
    **{"basis": "告示第1号", "source": "あまね県", "source_url": "https://amane.example/1"},
    **{"source_on": "2026-11-01", "categories": ["健康"]},
}
BODIES: dict[str, dict[str, object]] = {
    "POST /sign-in": {"staff_no": "F1001", "password": demo.PASSWORD},
    "POST /enrolment": {"code": "000000"},
    "POST /sign-in/otp": {"code": "000000"},
    "POST /sign-in/recovery": {"code": "AAAA-AAAA-AAAA-AAAA"},
    "POST /calls": {"topic": "road"},
    "POST /calls/{call_id}/messages": {"text": "はい"},
    "POST /calls/{call_id}/invitations": {"name": "田中"},
    "POST /join/{code}": {},
    "POST /letter/{code}/mail": {"address": "tanaka@example.jp", "consent": True},
    "POST /letter/{code}/consents/withdraw": {"purposes": ["recording"], "delete": True},
    "POST /letters/{letter_id}/mail": {"address": "tanaka@example.jp", "consent": True},
    "POST /consultations/{consultation_id}/close": {"reason": "電話で済んだ"},
    "POST /admin/staff/{staff_id}": {"hours": "月-金 9:00-17:00"},
    "POST /appointments": {"starts_at": "2026-12-01T10:00:00+09:00", "name": "田中"},
    "POST /appointments/{appointment_id}/cancel": {"reason": "都合"},
    "POST /guest/call-back": {"phone": "000-000-1126"},
    "POST /calls/{call_id}/questions": {"text": "いつ直りますか"},
    "POST /calls/{call_id}/minutes": {"version": 0, "subject": "相談", "held": "", "sentences": []},
    "POST /transcript/lines/{line_id}/return": {"revision": 1, "words": "もう一度聞いてください"},
    "POST /calls/{call_id}/minutes/return": {"revision": 1, "words": "場所がちがいます"},
    "POST /calls/{call_id}/redactions": {"from_ms": 0, "to_ms": 1000, "reason": "personal"},
    "POST /redactions/{redaction_id}/lift": {"words": "決定により開示"},
    "POST /calls/{call_id}/recap": {"version": 0, "happened": "橋を見た"},
    "POST /calls/{call_id}/letters": {"agreed": "水曜に見に行く"},
    "POST /calls/{call_id}/recording/open": {"code": "000000"},
    "POST /calls/{call_id}/recording/exports": {"layout": "grid"},
    "POST /calls/{call_id}/recording/retention": {"retention": "5y"},
    "POST /calls/{call_id}/recording/hold": {"reason": "係争中"},
    "POST /calls/{call_id}/transcript/keeping/hold": {"reason": "係争中"},
    "POST /calls/{call_id}/recording/dispose": {"reason": "満了", "code": "000000"},
    "POST /calls/{call_id}/consents/ask": {"purposes": ["recording"]},
    "POST /calls/{call_id}/consents/answer": {
        "purposes": ["recording"],
        "yes": True,
        "text_version": "1",
    },
    "POST /calls/{call_id}/consents/settle": {"purposes": ["recording"], "keep": False},
    "POST /transcript/lines/{line_id}": {"revision": 1, "text": "橋の下です", "state": "automatic"},
    "POST /calls/{call_id}/view/present": {},
    "POST /calls/{call_id}/view/look": {"surface": LIVE},
    "POST /calls/{call_id}/marks": {"surface": LIVE, "marks": [LINE]},
    "POST /me/presence": {"status": "trip"},
    "POST /calls/{call_id}/whisper": {"on": True},
    "POST /announcements": {"text": "今夜は事務所に残ってください"},
    "POST /consultations/{consultation_id}/decline": {},
    "POST /cases": {"title": "ひび割れ"},
    "POST /cases/{case_id}/change": {"revision": 1, "place": "川辺一丁目"},
    "POST /cases/{case_id}/comments": {"text": "確認しました"},
    "POST /cases/{case_id}/close": {},
    "POST /cases/{case_id}/bundle": {"code": "000000"},
    "POST /cases/{case_id}/entries/{entry_id}/share": {"shared": True},
    "POST /decisions/{decision_id}/revise": {"what": "通行を止める"},
    "POST /decisions/{decision_id}/hand-in": {"ask": {}},
    "POST /decisions/{decision_id}/judge": {"verdict": "approved", "words": "不在", "code": "000000"},
    "POST /decisions/{decision_id}/vote": {"vote": "agree", "code": "000000"},
    "POST /ballot/{code}/vote": {"vote": "agree", "code": "000000"},
    "POST /documents": {"title": "川辺橋 一般図"},
    "POST /notices/{code}/choices": {"language": "ja", "per_week": 2, "quiet_from": 20, "quiet_until": 8},
    "POST /notices/{code}/follows": {"topic": "category", "key": "健康"},
    "PATCH /documents/{document_id}": {"title": "川辺橋 橋脚補強図"},
    "POST /notices/{code}/devices": {"endpoint": "https://10.0.0.1/", "p256dh": "A" * 87, "auth": "A" * 22},
    "POST /push/devices": {"endpoint": "https://10.0.0.1/", "p256dh": "A" * 87, "auth": "A" * 22},
    "POST /services/{service_id}/check": {"answers": {}},
    "POST /calls/{call_id}/services": {"id": "992011-P016", "kind": "programme"},
    "POST /calls/{call_id}/services/preview": {"id": "992011-P016", "kind": "programme"},
    "POST /concierge/search": {"text": "おむつ"},
    "POST /admin/catalogue/proposals/{proposal_id}": {"decision": "dismiss"},
    "POST /admin/law-notices": LAW,
    "POST /admin/law-notices/{law_id}": LAW,
    "POST /admin/law-notices/{law_id}/send": {"previewed": 1},
    "POST /admin/slot-feeds": {"name": "会議室", "licence": "CC BY 4.0"},
    "POST /admin/slot-feeds/look": {"name": "会議室", "licence": "CC0", "address": "https://10.0.0.1/"},
    "POST /admin/slot-feeds/{feed_id}": {"name": "会議室2", "licence": "CC BY 4.0"},
    "POST /admin/slot-feeds/{feed_id}/pause": {"paused": True},
    "POST /concierge/papers": {"text": "おむつ"},
    "POST /concierge/rejections": {"text": "おむつ", "id": "992011-P016", "kind": "programme"},
    "POST /services/works-nearby": {"place": "あまね市/川辺", "radius_m": 500},
    "POST /services/search": {"text": "おむつ"},
    "POST /services/recommended": {"seen": []},
    "POST /check": {"way": "udp", "sdp": "v=0", "reference": "K7Q2-9F"},
}


def test_the_table_has_a_row_for_every_route() -> None:
    routes = [route for router in ROUTERS for route in router.routes]
    assert len(create_api().routes) == len(ROUTERS), "a route was added beside the routers"
    assert all(isinstance(route, APIRoute) for route in routes)

    found = {
        f"{method} {route.path}"
        for route in routes
        if isinstance(route, APIRoute)
        for method in (route.methods or set())
    }

    assert found == set(TABLE)


@pytest.mark.parametrize("caller", CALLERS)
def test_nobody_gets_further_than_the_table_says(tmp_path: Path, caller: str) -> None:
    async def scene(genba: Installation) -> None:
        genba.services.hub.close()  # an event stream that is let in ends at once
        walk = await Walk.begin(genba, BODIES)
        wrong = []
        for row, columns in TABLE.items():
            known = columns.split()
            known += PARTNERS.get(row, f"{known[3]} {known[4]}").split()
            expected = known[CALLERS.index(caller)]
            got = (await walk.ask(row, caller)).status_code
            if got != int(expected):
                wrong.append(f"{row}: {got}, not {expected}")
        assert wrong == []

    play(tmp_path, scene)
