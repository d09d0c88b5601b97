"""A network of this process's own: nothing in it reaches the machine's, and it ends with the process.

Janus as Debian builds it offers no loopback address to its clients, so the bench gives it another kind of
address; our own server then gets the same one, so that both are reached by the same path.
"""

from __future__ import annotations

import ctypes
import os
import subprocess

ADDRESS = "10.77.0.1"
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000  # sched.h
_COMMANDS = (
    "ip link set lo up",
    "ip link add near type veth peer name far",
    f"ip address add {ADDRESS}/24 dev near",
    "ip link set near up",
    "ip link set far up",
)


def enter() -> str:
    """Move this process into a new network and return its address there.

    Call it before any thread starts. Raises OSError where the system does not permit it.
    """
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET if user == 0 else _CLONE_NEWNET | _CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), f"no network namespace: {os.strerror(ctypes.get_errno())}")
    if user != 0:  # be root within, which is enough to give addresses
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    for command in _COMMANDS:
        done = subprocess.run(command.split(), capture_output=True, text=True)
        if done.returncode:
            raise OSError(f"{command}: {done.stderr.strip()}")
    return ADDRESS
