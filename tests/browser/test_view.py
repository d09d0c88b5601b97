"""Looking at the same thing, in real browsers: boards, marks at the right place, pointers, and keys alone."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.people import call_of_two
from tests.browser.windows import DESK, PHONE, Desk, Window

pytestmark = pytest.mark.browser
