"""Secrets at rest: what is sealed opens in its own place with its own key only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.accounts.vault import MASTER_KEY_FILE, Vault, VaultSealed, open_vault, read_or_make

VAULT = Vault(b"k" * 32)


@given(st.text(), st.text())
def test_what_was_sealed_opens_in_its_place(plain: str, context: str) -> None:
    sealed = VAULT.seal(plain, context)

    assert VAULT.open(sealed, context) == plain
    for vault, place in ((VAULT, context + "x"), (Vault(b"o" * 32), context)):
        with pytest.raises(VaultSealed):
            vault.open(sealed, place)


@given(st.text())
def test_anything_else_does_not_open(sealed: str) -> None:
    with pytest.raises(VaultSealed):
        VAULT.open(sealed, "place")


def test_digests_differ_by_purpose_and_key() -> None:
    digests = {VAULT.digest("t", "a"), VAULT.digest("t", "b"), Vault(b"o" * 32).digest("t", "a")}

    assert len(digests) == 3
    assert VAULT.digest("t", "a") == Vault(b"k" * 32).digest("t", "a")


def test_the_key_file_is_private_and_made_once_even_by_many_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        vaults = list(threads.map(open_vault, [tmp_path / "data"] * 16))

    assert len({vault.digest("t", "p") for vault in vaults}) == 1
    key = tmp_path / "data" / MASTER_KEY_FILE
    assert key.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in key.parent.iterdir()] == [MASTER_KEY_FILE]
    assert read_or_make(key, lambda: b"never") == key.read_bytes()
