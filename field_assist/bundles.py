"""案件一式: what a bundle of a case says of itself, so that a file that was changed is named, also offline.

A bundle is an archive of files with `bundle.json`, RFC 8785 canonical JSON that lists each of them with its
SHA-256 and size, and `bundle.seal`, the installation's Ed25519 signature (RFC 8032) over the hash of that.
The rows of the case's decisions and the stills in it carry seals and signatures of their own. Sans-IO.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from field_assist import seals
from field_assist.decision_chain import canonical
from field_assist.evidence import Fault

LISTING, SEAL = "bundle.json", "bundle.seal"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it is: SHA-256 in lowercase hexadecimal, and its length."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class BundleVerdict:
    """What is wrong, nothing where the bundle is whole; `listing` is empty unless it can be trusted."""

    faults: tuple[Fault, ...]
    listing: Mapping[str, Any] = field(default_factory=dict)  # JSON


def listing(about: Mapping[str, Any], files: Mapping[str, Found], key: Ed25519PublicKey) -> str:
    """The text of `bundle.json`; `about` says which case, when and by whom."""
    found = [
        {"path": path, "sha256": each.sha256, "size_bytes": each.size_bytes} for path, each in files.items()
    ]
    named = {"genba": "bundle", "v": VERSION, "public_key": seals.written(key)}
    return canonical({**named, **about, "files": found})


def seal(text: str, key: Ed25519PrivateKey) -> str:
    """The text of `bundle.seal`."""
    return seals.seal(seals.digest(text), key)


def examine(text: str, sealed: str, found: Mapping[str, Found]) -> BundleVerdict:
    """The verdict on a bundle's files; `found` are all but the listing and its seal.

    The seal proves that the holder of the key in the listing made it: whose that is, its fingerprint tells.
    """
    try:
        said = json.loads(text)
        key = seals.read(said["public_key"])
        listed = {each["path"]: Found(each["sha256"], each["size_bytes"]) for each in said["files"]}
        is_ours = said["genba"] == "bundle" and said["v"] == VERSION and canonical(said) == text
    except (ValueError, KeyError, TypeError, RecursionError):
        return BundleVerdict((Fault(LISTING, "changed"),))
    if not seals.is_sealed(seals.digest(text), sealed, key):
        # One of the two was touched: the files tell which, as the listing of an untouched bundle fits them.
        return BundleVerdict((Fault(SEAL if is_ours and listed == dict(found) else LISTING, "changed"),))
    if not is_ours:
        return BundleVerdict((Fault(LISTING, "changed"),))
    faults = [Fault(path, "missing") for path in listed if path not in found]
    faults += [Fault(path, "unexpected") for path in found if path not in listed]
    faults += [Fault(path, "changed") for path, each in listed.items() if found.get(path, each) != each]
    return BundleVerdict(tuple(faults), said if not faults else {})
