"""How mail leaves. Apart from the post, which is too heavy to import before a server opens its door."""

from dataclasses import dataclass, field
from typing import Literal

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server. Without a host nothing is sent, and nobody is offered to send."""

    host: str = ""
    port: int = 587
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    sender_name: str = ""
    timeout_s: float = 20.0
