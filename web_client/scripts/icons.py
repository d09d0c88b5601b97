"""Draws the installed app's icons from public/genba.svg with Chromium; run again when the mark changes."""

from pathlib import Path

from playwright.sync_api import sync_playwright

PUBLIC = Path(__file__).resolve().parent.parent / "public"
MARK = (PUBLIC / "genba.svg").read_text(encoding="utf-8")
# Name, pixels, how much of them the mark takes (a maskable icon is cut to a circle of 80 %), colours.
ICONS = (
    ("genba-192.png", 192, 0.72, "#fff", None),
    ("genba-512.png", 512, 0.72, "#fff", None),
    ("genba-maskable.png", 512, 0.5, "#fff", None),
    ("genba-apple.png", 180, 0.66, "#fff", None),
    ("genba-badge.png", 96, 0.9, "transparent", "#fff"),
)

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    page = browser.new_page()
    for name, pixels, share, ground, ink in ICONS:
        mark = MARK if ink is None else MARK.replace("#00428c", ink).replace('fill="#fff"', 'fill="none"')
        page.set_viewport_size({"width": pixels, "height": pixels})
        page.set_content(
            f"<style>body{{margin:0;display:grid;place-items:center;height:100vh;background:{ground}}}"
            f"svg{{width:{share:.0%};height:auto}}</style>{mark}"
        )
        page.screenshot(path=PUBLIC / name, omit_background=ground == "transparent")
    browser.close()
