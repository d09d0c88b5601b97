"""From what is said or typed in a call to a suggestion, and from 見せる to the card on the resident's screen.

A real server with the demo's catalogue and the model of meaning, staff and a resident in real Chromium, in a
call with pictures. Typed: the question to its answer at the page. Spoken: a final line is written down (here
by the correction of a line, which tells the pages in the same way) until the page, told by its event stream,
has the suggestions. Card: the tap of staff until the card stands in the resident's window. What a recogniser
needs before the final line is not in it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from field_assist import Store, concierge, transcripts
from tests.browser.installation import GenbaProcess
from tests.browser.test_field_call import enter_by_link, invite, sign_in, start_with_two_taps
from tests.browser.windows import PHONE, TABLET, Desk, Window, chromium

BUDGETS = {"guiding_typed_p95_ms": 1_000, "guiding_spoken_p95_ms": 1_000, "guiding_card_p95_ms": 2_000}
RUNS = 1
ROUNDS, QUICK_ROUNDS = 15, 6
SENTENCES = (
    "母の耳が遠くなって、補聴器が高いんです",
    "先週赤ちゃんが生まれて、何の手続きがいりますか",
    "失業して家賃が払えません",
    "空き家になった実家を壊したいのですが、お金がかかりますか",
    "橋の工事でいつも混んでいて、いつ終わりますか",
)
_TYPED_JS = """async (text) => {
  const { csrf_token } = await (await fetch('/api/me')).json();
  const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf_token };
  const began = performance.now();
  const options = { method: 'POST', headers, body: JSON.stringify({ text }) };
  const { matches } = await (await fetch('/api/concierge/search', options)).json();
  return [performance.now() - began, matches.map(({ kind, id }) => ({ kind, id }))];
}"""
_SPOKEN_JS = """async ([call, line, text]) => {
  const { csrf_token } = await (await fetch('/api/me')).json();
  const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf_token };
  const events = new EventSource('/api/events');
  await new Promise((open) => events.addEventListener('open', open, { once: true }));
  const told = new Promise((heard) => events.addEventListener('transcript', heard, { once: true }));
  const began = performance.now();
  const body = JSON.stringify({ revision: 1, text, state: 'confirmed' });
  const answer = await fetch(`/api/transcript/lines/${line}`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(await answer.text());
  await told;
  const said = await (await fetch(`/api/calls/${call}/suggestions`)).json();
  events.close();
  return [performance.now() - began, said.found.matches.length];
}"""
_SHOW_JS = """async ([call, kind, id]) => {
  const { csrf_token } = await (await fetch('/api/me')).json();
  const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf_token };
  const body = JSON.stringify({ kind, id });
  const began = Date.now();
  const answer = await fetch(`/api/calls/${call}/services`, { method: 'POST', headers, body });
  const { cards } = await answer.json();
  return [began, cards.at(-1).card_id];
}"""
# One clock: both windows are of one machine.
_WATCH_JS = """() => {
  window.cardAt = 0;
  new MutationObserver(() => {
    const isThere = document.querySelector('dialog[open] h2') !== null;
    if (isThere && window.cardAt === 0) requestAnimationFrame(() => { window.cardAt = Date.now(); });
    if (!isThere) window.cardAt = 0;
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""


def run() -> dict[str, float | str]:
    """Milliseconds."""
    return _measured(ROUNDS)


def quick() -> dict[str, float | str]:
    """Fewer of each."""
    return _measured(QUICK_ROUNDS)


def _measured(rounds: int) -> dict[str, float | str]:
    with (
        tempfile.TemporaryDirectory() as folder,
        GenbaProcess(Path(folder), GENBA_CONCIERGE_MEANING="1") as genba,
        sync_playwright() as playwright,
        chromium(playwright) as browser,
        Desk(browser, genba.url, "ja") as desk,
    ):
        field = desk.open("/sign-in", TABLET)
        sign_in(field, "F1001")
        start_with_two_taps(field)
        resident = desk.open(invite(field), PHONE)
        enter_by_link(resident)
        _index(Path(folder))
        call = field.page.url.rpartition("/")[2]
        typed, found = _typed(field, rounds)
        spoken = _spoken(field, call, Path(folder), rounds)
        shown = _shown(field, resident, call, found[:rounds])
    return {**_figures("typed", typed), **_figures("spoken", spoken), **_figures("card", shown)}


def _index(folder: Path) -> None:
    """What the server does beside the calls with the lowest priority: here it is waited for."""
    store, meaning = Store(f"sqlite:///{folder}/genba.sqlite3"), concierge.meaning.SentenceEncoder()
    try:
        after, is_last = 0, False
        while not is_last:
            page = partial(concierge.follow.page, after=after, has_meaning=True)
            changed, after, is_last = store.read_now(page)
            if changed:
                analysed = concierge.search_index.analyse(changed, meaning)
                store.write_now(partial(concierge.search_index.store, found=analysed))
    finally:
        store.close()


def _typed(field: Window, rounds: int) -> tuple[list[float], list[dict[str, str]]]:
    took: list[float] = []
    found: dict[str, dict[str, str]] = {}
    for number in range(rounds):
        ms, matches = field.page.evaluate(_TYPED_JS, SENTENCES[number % len(SENTENCES)])
        took.append(ms)
        found |= {match["id"]: match for match in matches}
    return took, list(found.values())


def _spoken(field: Window, call: str, folder: Path, rounds: int) -> list[float]:
    """Lines as the server writes them down; the field worker agrees to the concierge for their own."""
    me = field.ask("/me")["person"]
    version = field.ask(f"/calls/{call}/consents")["text_version"]
    agreed = {"purposes": ["concierge"], "yes": True, "text_version": version, "identity": ""}
    field.ask(f"/calls/{call}/consents/answer", agreed)
    took = []
    store = Store(f"sqlite:///{folder}/genba.sqlite3")
    try:
        for number in range(rounds):
            text = SENTENCES[number % len(SENTENCES)]
            start = number * 60_000  # so that no two lines are heard together
            speech = transcripts.Speech(f"S-{me['id']}", me["name"], "ja", start, start + 900)
            words = transcripts.Words("。", "bench", 0.9, False)
            at = datetime.now(UTC)
            row = store.write_now(
                lambda session, speech=speech, words=words, at=at: transcripts.write(  # type: ignore[misc]
                    session, call, speech, words, at
                )
            )
            ms, matches = field.page.evaluate(_SPOKEN_JS, [call, row.line_id, text])
            assert matches > 0, f"nothing is suggested for {text}"
            took.append(ms)
    finally:
        store.close()
    return took


def _shown(field: Window, resident: Window, call: str, found: Sequence[dict[str, str]]) -> list[float]:
    took = []
    resident.page.evaluate(_WATCH_JS)
    for each in found:
        began, card = field.page.evaluate(_SHOW_JS, [call, each["kind"], each["id"]])
        resident.page.wait_for_function("() => window.cardAt > 0")
        took.append(resident.page.evaluate("window.cardAt") - began)
        field.ask(f"/calls/{call}/cards/{card}/put-away", {})
        resident.page.wait_for_function("() => window.cardAt === 0")
    return took


def _figures(name: str, took: Sequence[float]) -> dict[str, float | str]:
    return {
        f"guiding_{name}_p50_ms": round(float(np.percentile(took, 50)), 1),
        f"guiding_{name}_p95_ms": round(float(np.percentile(took, 95)), 1),
    }
