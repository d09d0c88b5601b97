#!/usr/bin/env python3
"""Checks an evidence still exported from Genba, without Genba: this one file, Python and `cryptography`.

    python3 verify_still.py PATH... [--key FINGERPRINT]

PATH is the exported ZIP, or a folder with its four files. For each the answer is `whole` or `FAILED` with the
file that was changed. `--key` also demands that this device key signed (its SHA-256, from the office's list):
without it the answer says that the picture is the one the key's holder signed, not whose the key is.
Exit status: 0 all whole, 1 not, 2 misused.

Written apart from Genba's own `genba verify` on purpose, so that the two check each other.
"""

import argparse
import hashlib
import io
import json
import re
import sys
import zipfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

MANIFEST, SIGNATURE, KEY = "manifest.json", "signature.json", "public_key.der"
ORIGINALS = ("original.jpg", "original.png", "original.webp")
LARGEST_INTEGER = 2**53 - 1  # RFC 8785: numbers are those of JavaScript
LARGEST_FILE = 100_000_000
SEAL = {
    "alg": r"ES256",
    "manifest_sha256": r"[0-9a-f]{64}",
    "public_key_sha256": r"[0-9a-f]{64}",
    "signature": r"[0-9a-f]{128}",
}


def digest(content):
    return hashlib.sha256(content).hexdigest()


def integer(text):
    if abs(int(text)) > LARGEST_INTEGER:
        raise ValueError(text)
    return int(text)


def refuse(text):
    raise ValueError(text)


def canonical_object(content):
    """The JSON object these bytes are the canonical form of (RFC 8785, whole numbers only), or None."""
    try:
        value = json.loads(content, parse_int=integer, parse_float=refuse, parse_constant=refuse)
        written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and written == content else None


def part(value, *names):
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def has_signed(key_bytes, manifest, signature):
    """Whether the holder of this P-256 key signed these bytes (ECDSA with SHA-256, r and s of 32 bytes)."""
    try:
        key = load_der_public_key(key_bytes)
        if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
            return False
        if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != key_bytes:
            return False
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        key.verify(encode_dss_signature(r, s), manifest, ECDSA(SHA256()))
    except (InvalidSignature, ValueError, TypeError):
        return False
    except Exception:  # what is no key at all ends in errors of several kinds
        return False
    return True


def check_papers(files, manifest):
    """Names among manifest, signature and key that disagree with the other two."""
    seal = canonical_object(files[SIGNATURE])
    if seal is not None:
        fits = set(seal) == set(SEAL) and all(
            isinstance(seal[name], str) and re.fullmatch(pattern, seal[name], re.ASCII)
            for name, pattern in SEAL.items()
        )
        seal = seal if fits else None
    key = digest(files[KEY])
    in_manifest, in_seal = part(manifest, "device", "key_sha256"), part(seal, "public_key_sha256")
    if key not in (in_manifest, in_seal):
        return [KEY]
    wrong = []
    if in_manifest != key or not isinstance(part(manifest, "picture"), dict):
        wrong.append(MANIFEST)
    if in_seal != key:
        wrong.append(SIGNATURE)
        return wrong
    agrees = seal["manifest_sha256"] == digest(files[MANIFEST])
    if has_signed(files[KEY], files[MANIFEST], bytes.fromhex(seal["signature"])):
        suspect = None if agrees else SIGNATURE
    else:
        suspect = SIGNATURE if agrees else MANIFEST
    if suspect and suspect not in wrong:
        wrong.append(suspect)
    return wrong


def check_files(files):
    """(faults, manifest or None); a fault is (file, what is wrong)."""
    originals = [name for name in ORIGINALS if name in files]
    missing = [name for name in (MANIFEST, KEY, SIGNATURE) if name not in files]
    if missing or not originals:
        return [(name, "is missing") for name in missing + ([] if originals else ["original"])], None
    expected = {MANIFEST, SIGNATURE, KEY, originals[0]}
    faults = [(name, "does not belong to it") for name in sorted(set(files) - expected)]
    manifest = canonical_object(files[MANIFEST])
    wrong = check_papers(files, manifest)
    if not wrong:
        content = files[originals[0]]
        said = (
            part(manifest, "picture", "file"),
            part(manifest, "picture", "sha256"),
            part(manifest, "picture", "size_bytes"),
        )
        if said != (originals[0], digest(content), len(content)):
            wrong = originals[:1]
    return faults + [(name, "was changed") for name in wrong], manifest


def pack(files):
    """The archive as Genba writes it: its bytes depend on the files alone."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            archive.writestr(entry, content)
    return target.getvalue()


def check_archive(name, content):
    files, damaged = {}, []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                try:
                    if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > LARGEST_FILE:
                        raise zipfile.BadZipFile
                    files[entry.filename] = archive.read(entry)
                except Exception:
                    damaged.append((entry.filename, "was changed"))
    except Exception:
        return [(name, "was changed")], None
    if damaged:
        return damaged, None
    faults, manifest = check_files(files)
    if not faults and pack(files) != content:
        faults = [(name, "was changed")]
    return faults, manifest


def read(path):
    if not path.is_file():
        return b""
    with path.open("rb") as opened:
        return opened.read(2 * LARGEST_FILE)


def check(path, key):
    """Says what became of one PATH; whether it is whole."""
    try:
        if path.is_dir():
            faults, manifest = check_files({each.name: read(each) for each in path.iterdir()})
        else:
            faults, manifest = check_archive(path.name, read(path))
    except OSError as error:
        print(f"FAILED {path}: cannot be read ({error.strerror})")
        return False
    if not faults and key and part(manifest, "device", "key_sha256") != key:
        faults = [(KEY, "is another device's")]
    for name, what in faults:
        print(f"FAILED {path}: {name} {what}")
    if not faults:
        taken, number = part(manifest, "taken_at"), part(manifest, "call", "number")
        fingerprint = part(manifest, "device", "key_sha256")
        print(f"whole  {path}: taken {taken}, call {number}, key {fingerprint}")
    return not faults


def main():
    parser = argparse.ArgumentParser(description="check evidence stills exported from Genba")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="exported ZIP or folder")
    parser.add_argument("--key", metavar="FINGERPRINT", help="the device key that must have signed (SHA-256)")
    options = parser.parse_args()
    return 0 if all([check(path, (options.key or "").lower()) for path in options.paths]) else 1


if __name__ == "__main__":
    sys.exit(main())
