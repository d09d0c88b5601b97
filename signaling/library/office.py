"""Office files made into a PDF by LibreOffice, which runs once, without a network, and knows nobody.
Only inside the worker."""

import resource
import subprocess
from pathlib import Path

from signaling.library.file_types import PDF, SUFFIXES, Reason, Refused

CONVERTED = "converted.pdf"
TIME_LIMIT_S = 170
_MEMORY_BYTES = 6 * 1024**3
_FILES = 1024
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">{}</item>
</oor:items>
"""
_SWITCHES = ("DisableMacrosExecution", "DisableActiveContent", "BlockUntrustedRefererLinks")


def convert(path: Path, kind: str, program: str) -> Path:
    """The PDF, in the working directory; raises Refused."""
    if not program:
        raise Refused(Reason.NO_CONVERTER)
    profile = Path("profile").resolve()
    (profile / "user").mkdir(parents=True)
    switches = (f'<prop oor:name="{name}" oor:op="fuse"><value>true</value></prop>' for name in _SWITCHES)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS.format("".join(switches)))
    source = Path(f"source{SUFFIXES[kind]}")
    source.symlink_to(path)
    command = [
        *(program, "--headless", "--norestore", "--nodefault", "--nolockcheck", "--nologo"),
        *(f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "pdf", str(source)),
    ]
    try:
        subprocess.run(  # noqa: S603 - the program is the operator's, the names are ours
            command,
            check=True,
            timeout=TIME_LIMIT_S,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_give_room,
        )
    except subprocess.TimeoutExpired:
        raise Refused(Reason.TOO_SLOW) from None
    except (subprocess.CalledProcessError, OSError):
        raise Refused(Reason.NOT_CONVERTED) from None
    made = source.with_suffix(SUFFIXES[PDF])
    if not made.is_file() or made.is_symlink():
        raise Refused(Reason.NOT_CONVERTED)
    return made.rename(CONVERTED)


def _give_room() -> None:
    """LibreOffice maps more than it uses and opens its fonts all at once."""
    for limit, most in ((resource.RLIMIT_AS, _MEMORY_BYTES), (resource.RLIMIT_NOFILE, _FILES)):
        resource.setrlimit(limit, (most, most))
