#!/usr/bin/env python3
"""Checks decisions (判断記録) exported from Genba, without Genba: this file and Python's standard library.

    python3 verify_decisions.py PATH [--key FINGERPRINT] [--head ROWS:HASH]...

PATH is an export (.jsonl) or a Genba database (.sqlite3; give --public-key then). The answer is `whole`
with the number of rows and the head, or `FAILED` with the first row that is not as it was written, and
why: missing, moved, changed, forged (not written by this installation, or an approval that could not be one),
or older than the row before it (the clock was set back).

`--key` demands that this installation sealed the rows (SHA-256 of its public key, as noted outside).
`--head` demands that a head noted earlier is still in the chain: only that shows a cut tail.
Exit status: 0 whole, 1 not, 2 misused.

Written apart from Genba's own `genba verify` on purpose, so that the two check each other.
"""

import argparse
import datetime
import hashlib
import json
import sqlite3
import sys
import unicodedata
from pathlib import Path

GENESIS = "0" * 64
CONTENT = "kind amount_yen what reason rejected basis docs evidence cites due".split()
FIXED = "v id no case case_id call_id".split()
REQUEST = "asked rule circulation".split()
PLACES = "seq state people at decided_at clock_back_s supersedes prev".split()
ENTRY = "id name post role at otp_at for words".split()
FRESH_S = 300
MAILED_LASTS_S = 900
VOTES = ("賛成", "反対", "棄権")
ANSWERS = (*VOTES, "回避")
STEPS = {  # (before, after): what may lead there
    (None, "起案"): {"起案"},
    ("起案", "起案"): {"起案"},
    ("起案", "審査"): {"提出"},
    ("起案", "取消"): {"取下げ"},
    ("審査", "審査"): {"提出", "招待取消", *ANSWERS},
    ("審査", "起案"): {"取下げ"},
    ("審査", "口頭承認"): {"口頭承認の記録"},
    ("審査", "承認"): {"承認", "代決", "締切"},
    ("審査", "条件付承認"): {"承認", "代決"},
    ("審査", "差戻"): {"差戻", "締切"},
    ("口頭承認", "承認"): {"承認"},
    ("口頭承認", "条件付承認"): {"承認"},
    ("口頭承認", "差戻"): {"差戻"},
    ("承認", "取消"): {"取消"},
    ("条件付承認", "取消"): {"取消"},
    ("差戻", "起案"): {"起案"},
    ("差戻", "取消"): {"取下げ"},
    ("取消", "起案"): {"起案"},
}
REASONS = {
    "missing": "is missing (deleted)",
    "moved": "is not in its place (reordered)",
    "changed": "was changed (edited)",
    "forged": "was not written by this installation, or approves what could not be approved (forged)",
    "clock": "is older than the row before it (the clock was set back)",
}

# Ed25519, RFC 8032 section 5.1: verification only, in extended coordinates.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def add(a, b):
    x = (a[1] - a[0]) * (b[1] - b[0]) % P
    y = (a[1] + a[0]) * (b[1] + b[0]) % P
    t = 2 * a[3] * b[3] * D % P
    z = 2 * a[2] * b[2] % P
    e, f, g, h = y - x, z - t, z + t, y + x
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def decompress(encoded):
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if len(encoded) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def has_signed(key, message, signature):
    """Whether the holder of this key signed the message."""
    if len(signature) != 64:
        return False
    a, r, s = decompress(key), decompress(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = multiply(s, BASE), add(r, multiply(h, a))
    return not (
        (left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P
    )


# The record


def refuse(text):
    raise ValueError(text)


def canonical(value):
    """RFC 8785 of what records hold: whole numbers, and keys in ASCII."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def record_of(row):
    """What a row says, or None where it does not agree with itself."""
    text, digest = row["record"], row["hash"]
    try:
        if hashlib.sha256(text.encode()).hexdigest() != digest or unicodedata.normalize("NFC", text) != text:
            return None
        record = json.loads(text, parse_float=refuse, parse_constant=refuse)
        if not isinstance(record, dict) or canonical(record) != text:
            return None
    except (ValueError, TypeError, RecursionError):
        return None
    return record if set(record) == set(FIXED + CONTENT + REQUEST + PLACES) else None


def seconds(text):
    return datetime.datetime.fromisoformat(text).timestamp()


def proposed_by(record):
    return [entry for entry in record["people"] if entry["role"] == "起案"][-1]["id"]


def since_asked(record):
    found = []
    for entry in record["people"]:
        if entry["role"] in ("起案", "取下げ"):
            found = []
        found.append(entry)
    return found


def votes_in(record):
    return [entry for entry in since_asked(record) if entry["role"] in VOTES]


def still_asked(record):
    """Who may answer a circulation, by id: those named, without whose invitation was taken back."""
    gone = [entry["for"]["id"] for entry in since_asked(record) if entry["role"] == "招待取消"]
    return {each["id"]: each for each in record["circulation"]["voters"] if each["id"] not in gone}


def have_answered(record):
    return [entry["id"] for entry in since_asked(record) if entry["role"] in ANSWERS]


def why_not_proved(record, last):
    """Whoever answers, approves or returns gave a code: of an authenticator, or of a mail sent to them."""
    given_at = last["otp_at"]
    if "mail" in last:
        proof = last["mail"]
        if given_at is not None or set(proof) != {"to", "sent_at", "code_at"}:
            return "proved in a way that is none"
        given_at = proof["code_at"]
        if not 0 <= seconds(given_at) - seconds(proof["sent_at"]) <= MAILED_LASTS_S:
            return "the mailed code was not good any more"
    age_s = seconds(record["at"]) - record["clock_back_s"] - seconds(given_at) if given_at else -1
    return None if 0 <= age_s <= FRESH_S else "no fresh one-time code"


def why_not(before, record):
    """Why this record cannot follow `before`, the last one of the same decision; None where it can."""
    last, role, state = record["people"][-1], record["people"][-1]["role"], record["state"]
    old = before["state"] if before else None
    for entry in record["people"]:
        if set(entry) != set(ENTRY) and not (set(entry) == {*ENTRY, "mail"} and entry["role"] in ANSWERS):
            return "an entry has another form"
    if role not in STEPS.get((old, state), ()):
        return f"{old} cannot become {state} by {role}"
    if record["people"][:-1] != (before["people"] if before else []) or last["at"] != record["at"]:
        return "what others did was rewritten"
    if record["decided_at"] != since(before, record):
        return "the time of the decision is another"
    if before and [record[name] for name in FIXED] != [before[name] for name in FIXED]:
        return "it is another decision"
    if before and role != "起案" and [record[name] for name in CONTENT] != [before[name] for name in CONTENT]:
        return "what was decided is not what was proposed"
    if role in ("承認", "代決", "差戻", "取消", *ANSWERS):
        unproved = why_not_proved(record, last)
        if unproved:
            return unproved
    if (last["for"] is not None) != (role in ("代決", "口頭承認の記録", "招待取消")):
        return "somebody's stead is wrong"
    if role in ("起案", "取下げ"):
        return "somebody is asked" if any(record[name] is not None for name in REQUEST) else None
    if role == "提出":
        return why_not_asked(before, record)
    if [record[name] for name in REQUEST] != [before[name] for name in REQUEST]:
        return "who was asked was rewritten"
    if role == "招待取消":
        return why_not_uninvited(before, last)
    if role in ANSWERS or role == "締切":
        return why_not_circulated(before, record, role)
    if role == "取消":
        return None if last["words"] else "no reason"
    return why_not_judged(before, record, role)


def since(before, record):
    known = before["decided_at"] if before else None
    if record["state"] in ("承認", "条件付承認", "口頭承認"):
        return known or record["at"]
    return known if record["state"] == "取消" else None


def why_not_asked(before, record):
    new, old = record["circulation"], before["circulation"]
    if record["people"][-1]["id"] != proposed_by(record):
        return "handed in by somebody else"
    if new is None:
        return "nobody is asked" if record["asked"] is None or old is not None else None
    if record["asked"] is not None or (old is None and before["state"] != "起案"):
        return "it became a circulation"
    if old is not None and {**new, "until": ""} != {**old, "until": ""}:
        return "the circulation was rewritten"
    if why := why_not_named(record, new):
        return why
    voters = [voter["id"] for voter in new["voters"]]
    if not 1 <= new["quorum"] <= len(set(voters)) == len(voters) or new["until"] <= record["at"]:
        return "a circulation that cannot be"
    return None


def why_not_named(record, circulation):
    mails = [voter["mail"] for voter in circulation["voters"] if "mail" in voter]
    if any(set(voter) - {"mail"} != {"id", "name", "post"} for voter in circulation["voters"]):
        return "a voter in another form"
    if len(set(mails)) != len(mails):
        return "one address is asked twice"
    for mail in mails:
        if len(mail) != 64 or set(mail) - set("0123456789abcdef"):
            return "an address that is no digest"
    if set(circulation) != {"until", "quorum", "voters", *(["shown"] if mails else [])}:
        return "a circulation in another form"
    if mails:
        shown = circulation["shown"]
        leaned = {each["version"] for each in record["docs"]}, {each["id"] for each in record["evidence"]}
        if set(shown) != {"docs", "stills"}:
            return "what is shown has another form"
        if set(shown["docs"]) - leaned[0] or set(shown["stills"]) - leaned[1]:
            return "members from outside are shown what it does not lean on"
    return None


def why_not_uninvited(before, last):
    if last["id"] != proposed_by(before):
        return "uninvited by somebody else"
    member = last["for"]
    known = still_asked(before).get(member["id"]) if before["circulation"] else None
    if known is None or "mail" not in known or {**member, "mail": known["mail"]} != known:
        return "uninvited who was not invited"
    return "uninvited after the answer" if member["id"] in have_answered(before) else None


def why_not_circulated(before, record, role):
    circulation, last, given = before["circulation"], record["people"][-1], votes_in(before)
    if not circulation:
        return "not in circulation"
    is_over = seconds(record["at"]) > seconds(circulation["until"])
    if role == "締切":
        ended = is_over or not set(still_asked(before)) - set(have_answered(before))
        if len(given) < circulation["quorum"] or not ended:
            return "closed without a quorum or too early"
        roles = [vote["role"] for vote in given]
        came_to = "承認" if roles.count("賛成") > roles.count("反対") else "差戻"
        return None if record["state"] == came_to else "not what the votes say"
    voter = still_asked(before).get(last["id"])
    if voter is None:
        return "voted without being asked"
    if is_over or last["id"] in have_answered(before):
        return "voted twice or too late"
    if "mail" in voter and (last["name"], last["post"]) != (voter["name"], voter["post"]):
        return "voted under another name"
    if last.get("mail", {}).get("to") != voter.get("mail"):
        return "not proved as who was invited is"
    return "an objection without its words" if role == "反対" and not last["words"] else None


def why_not_judged(before, record, role):
    last = record["people"][-1]
    who = last["for"] if role == "口頭承認の記録" else last
    if before["circulation"]:
        return "in circulation, and approved by one"
    if who["id"] == proposed_by(record):
        return "approved by who proposed it"
    if before["state"] == "口頭承認" and before["people"][-1]["for"]["id"] != who["id"]:
        return "confirmed by somebody else than who said it"
    if not last["words"] and (role in ("差戻", "代決") or record["state"] == "条件付承認"):
        return "no reason"
    return None


def examine(rows, key, is_part=False):
    """(rows that are whole, their head, None or (row, reason, detail), rows that admit a clock set back)."""
    head, last_at, latest, set_back, was_back, last_seq = GENESIS, "", {}, [], False, 0
    for place, row in enumerate(rows, 1):
        record = record_of(row)
        fault = None
        if record is None:
            fault = "changed", ""
        elif is_part and (record["seq"] != row["seq"] or row["seq"] <= last_seq):
            fault = "moved", ""
        elif not is_part and record["seq"] != place:
            later = [record_of(other) for other in rows[place:]]
            fault = ("moved" if any(each and each["seq"] == place for each in later) else "missing"), ""
        elif not is_part and row["seq"] != place:
            fault = "moved", ""
        elif not is_sealed(key, row) or not (is_part or record["prev"] == head):
            fault = "forged", "the seal does not fit"
        elif record["at"] < last_at:
            fault = "clock", f"{record['at']} after {last_at}"
        else:
            before_hash, before = latest.get(record["id"], (None, None))
            try:
                why = why_not(before, record)
            except (KeyError, TypeError, ValueError, AttributeError, IndexError):
                why = "not in the form of a record"
            if record["supersedes"] != before_hash:
                why = "it does not follow the decision's last row"
            fault = ("forged", why) if why else None
        if fault:
            return place - 1, head, (place, *fault), set_back
        latest[record["id"]], head, last_at = (row["hash"], record), row["hash"], record["at"]
        last_seq = row["seq"]
        if record["clock_back_s"] and not was_back:
            set_back.append(place)
        was_back = bool(record["clock_back_s"])
    return len(rows), head, None, set_back


def is_sealed(key, row):
    try:
        return has_signed(key, bytes.fromhex(row["hash"]), bytes.fromhex(row["seal"]))
    except (ValueError, TypeError):
        return False


# Where the rows come from


def read_export(content):
    """(public key, rows, whether others are left out) of an export: a line about it, then a line per row."""
    lines = content.split("\n")
    about = json.loads(lines[0])
    rows = []
    for place, line in enumerate(lines[1:-1] if lines[-1] == "" else lines[1:], 1):
        try:
            row = json.loads(line)
            is_row = isinstance(row, dict) and set(row) == {"seq", "record", "hash", "seal"}
            rows.append(row if is_row and canonical(row) == line else broken(place))
        except (ValueError, RecursionError):
            rows.append(broken(place))
    return bytes.fromhex(about["public_key"]), rows, bool(about.get("part"))


def broken(place):
    return {"seq": place, "record": "", "hash": "", "seal": ""}


def read_database(path):
    with sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True) as database:
        found = database.execute("SELECT seq, record, hash, seal FROM decision ORDER BY seq")
        return [dict(zip(("seq", "record", "hash", "seal"), row, strict=True)) for row in found]


def main():
    parser = argparse.ArgumentParser(description="check decisions exported from Genba")
    parser.add_argument("path", type=Path, metavar="PATH", help="export (.jsonl) or database (.sqlite3)")
    parser.add_argument(
        "--key", metavar="FINGERPRINT", help="the installation that must have sealed the rows"
    )
    parser.add_argument("--public-key", metavar="HEX", help="its public key, for a database")
    parser.add_argument(
        "--head", action="append", default=[], metavar="ROWS:HASH", help="a head noted earlier"
    )
    options = parser.parse_args()
    try:
        with options.path.open("rb") as opened:
            is_database = opened.read(16) == b"SQLite format 3\0"
        if is_database:
            key, rows, is_part = bytes.fromhex(options.public_key or ""), read_database(options.path), False
        else:
            key, rows, is_part = read_export(options.path.read_text(encoding="utf-8", errors="replace"))
    except (OSError, ValueError, KeyError, TypeError, sqlite3.Error) as error:
        print(f"FAILED {options.path}: cannot be read ({error})")
        return 1
    fingerprint = hashlib.sha256(key).hexdigest()
    if options.key and options.key.lower() != fingerprint:
        print(f"FAILED {options.path}: sealed by another installation ({fingerprint})")
        return 1
    whole, head, fault, set_back = examine(rows, key, is_part)
    if fault:
        place, what, detail = fault
        print(f"FAILED {options.path}: row {place} {REASONS[what]}{': ' + detail if detail else ''}")
        return 1
    for noted in options.head:
        place, _, digest = noted.partition(":")
        at = int(place) if place.isdigit() else 0
        if not 1 <= at <= whole or rows[at - 1]["hash"] != digest.lower():
            print(f"FAILED {options.path}: row {place} is missing or is not the one noted ({noted})")
            return 1
    for place in set_back:
        print(f"note   {options.path}: at row {place} the clock had been set back; the row says so")
    part = " of a part of the chain" if is_part else f", head {whole}:{head}"
    print(f"whole  {options.path}: {whole} rows{part}, key {fingerprint}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
