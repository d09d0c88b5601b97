"""Settings: the only reader of the environment. Frozen, checked once at start, all problems together.

Names are `GENBA_` and the field's name in capitals (`GENBA_DATABASE_URL`); the command line's options win
over them. Packages never import this: they are handed values.
"""

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from signaling.accounts.policy import PasswordCost, SignInPolicy
from signaling.mail.mail_settings import MailSettings, Security
from signaling.rtc.ice_servers import MIN_TTL_S, TurnSettings

DEV_API_KEY: Final = "devkey"
DEV_API_SECRET: Final = "secret"  # noqa: S105 - published on purpose: a LiveKit development server's pair

SMTP_SECURITIES: Final[Mapping[str, Security]] = MappingProxyType(
    {"starttls": "starttls", "tls": "tls", "none": "none"}
)

_FIRST_PASSED = 3  # SD_LISTEN_FDS_START: the one after standard error

# RFC 7065: turn or turns, a host, perhaps a port and a transport.
_TURN_URL = re.compile(r"turns?:([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?(\?transport=(udp|tcp))?")

# A path of this server, or another one's address; nothing that could end a directive of a security policy.
_TILES = re.compile(r"(https?://[A-Za-z0-9.-]+(:\d{1,5})?)?/[A-Za-z0-9._~/{}?=&%-]+")


class SettingsError(Exception):
    """Everything that is wrong with the settings, as sentences."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that prints as ***; `reveal` it where it is used."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return "***"

    def reveal(self) -> str:
        """The value itself."""
        return self.value


LONGEST_RING_S = 900
"""As long as anybody waits at all: `queueing.LONGEST_WAIT_S`, too heavy to import before the door opens."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All of the installation's settings. Defaults run a demo on this machine."""

    host: str = "0.0.0.0"  # noqa: S104 - tablets and phones on the LAN are the point
    port: int = 7880
    tls_port: int | None = None
    media_port: int = 7882
    media_advertised: tuple[str, ...] = ()
    media_udp: bool = True
    media_tcp: bool = True
    data_dir: Path = Path("data")
    database_url: str = ""
    redis_url: Secret = Secret("")
    api_key: str = ""
    api_secret: Secret = Secret("")
    dev: bool = False
    organisation: str = "あまね県"
    office_phone: str = "000-000-1126"
    public_url: str = ""
    push_services: tuple[str, ...] = ()
    feed_origins: tuple[str, ...] = ()
    webhook_urls: tuple[str, ...] = ()
    map_tiles: str = ""
    map_attribution: str = ""
    map_attribution_url: str = ""
    turn_urls: tuple[str, ...] = ()
    turn_secret: Secret = Secret("")
    turn_ttl_s: int = 12 * 3600
    trusted_proxies: tuple[str, ...] = ()
    web_dir: Path = Path(__file__).resolve().parent.parent / "web_client" / "dist"
    idle_s: int = 2 * 3600
    absolute_s: int = 12 * 3600
    room_token_ttl_s: int = 6 * 3600
    invitations_per_minute: int = 30
    password_time_cost: int = 3
    password_memory_kib: int = 64 * 1024
    supervisors_listen: bool = True
    concierge_meaning: bool = True
    next_circle_s: int = 20
    ring_s: int = 60
    wait_limit_s: int = 180
    call_limit_s: int = 3600
    document_max_mb: int = 200
    office_program: str = ""
    transcription_model: str = ""
    transcription_workers: int = 1
    transcription_key: Secret = Secret("")
    transcription_threads: int = 0
    transcription_language: str = "ja"
    transcription_words: tuple[str, ...] = ()
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password: Secret = Secret("")
    smtp_sender: str = ""
    heads_mail_to: str = ""
    concierge: bool = True
    log_level: str = "INFO"

    @property
    def store_url(self) -> str:
        """The database, by default a SQLite file in the data directory."""
        return self.database_url or f"sqlite:///{self.data_dir / 'genba.sqlite3'}"

    @property
    def transcription_checkpoint(self) -> Path | None:
        """The model's file: as it was named, or by its name in the data directory; None without one."""
        name = self.transcription_model
        if not name:
            return None
        return Path(name) if "/" in name or name.endswith(".pt") else self.data_dir / "models" / f"{name}.pt"

    @property
    def transcription_is_elsewhere(self) -> bool:
        """Whether `genba transcribe` recognises for this node."""
        return self.transcription_workers == 0

    @property
    def document_max_bytes(self) -> int:
        """How large a file the library takes."""
        return self.document_max_mb * 1_000_000

    @property
    def sign_in_policy(self) -> SignInPolicy:
        """Lifetimes of staff sessions."""
        return SignInPolicy(self.idle_s, self.absolute_s, issuer=f"Genba {self.organisation}")

    @property
    def turn(self) -> TurnSettings:
        """The relay, if there is one."""
        return TurnSettings(self.turn_urls, self.turn_secret.reveal(), self.turn_ttl_s)

    @property
    def mail(self) -> MailSettings:
        """The mail server, if there is one."""
        return MailSettings(
            host=self.smtp_host,
            port=self.smtp_port,
            security=SMTP_SECURITIES[self.smtp_security],
            user=self.smtp_user,
            password=self.smtp_password.reveal(),
            sender=self.smtp_sender,
            sender_name=self.organisation,
        )

    @property
    def password_cost(self) -> PasswordCost:
        """argon2id parameters."""
        return PasswordCost(self.password_time_cost, self.password_memory_kib)


def from_environment(**chosen: Any) -> Settings:  # Any: values of different fields
    """The process's environment under the command line's choices; raises SettingsError."""
    return read(os.environ, chosen)


def passed_sockets(pid: int) -> range:
    """Descriptors of listening sockets that a supervisor opened for this process (sd_listen_fds(3))."""
    is_ours = os.environ.get("LISTEN_PID") == str(pid)
    count = os.environ.get("LISTEN_FDS", "")
    return range(_FIRST_PASSED, _FIRST_PASSED + int(count)) if is_ours and count.isdecimal() else range(0)


def read(environ: Mapping[str, str], chosen: Mapping[str, Any]) -> Settings:
    """Settings from a mapping of variables; `chosen` values that are not None win."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for spec in fields(Settings):
        name = f"GENBA_{spec.name.upper()}"
        if chosen.get(spec.name) is not None:
            values[spec.name] = chosen[spec.name]
        elif name in environ:
            try:
                values[spec.name] = _PARSERS[str(spec.type)](environ[name])
            except ValueError as error:
                problems.append(f"{name}: {error}")
    known = {f"GENBA_{spec.name.upper()}" for spec in fields(Settings)}
    problems += [
        f"{name}: no such setting" for name in environ if name.startswith("GENBA_") and name not in known
    ]
    settings = Settings(**values)
    problems += check(settings)
    if problems:
        raise SettingsError(problems)
    return settings


def check(settings: Settings) -> list[str]:
    """Everything that is wrong, each as one sentence."""
    problems = []
    for name in ("port", "tls_port", "media_port"):
        value = getattr(settings, name)
        if value is not None and not 0 <= value <= 65535:
            problems.append(f"{name}: {value} is no port (0 to 65535)")
    if bool(settings.api_key) != bool(settings.api_secret.reveal()):
        problems.append("api_key and api_secret: give both or none")
    if settings.api_secret.reveal() and len(settings.api_secret.reveal()) < 32 and not settings.dev:
        problems.append("api_secret: shorter than 32 characters can be guessed offline from any token")
    if settings.public_url and not _is_base_url(settings.public_url):
        problems.append(f"public_url: {settings.public_url!r} is not like https://genba.example.jp")
    problems += [
        f"webhook_urls: {url!r} is no http(s) address"
        for url in settings.webhook_urls
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc
    ]
    problems += _check_map(settings)
    problems += [
        f"{name}: {origin!r} is not like https://push.example.jp"
        for name in ("push_services", "feed_origins")
        for origin in getattr(settings, name)
        if not _is_base_url(origin) or origin.endswith("/")
    ]
    problems += _check_turn(settings)
    problems += _check_mail(settings)
    for proxy in settings.trusted_proxies:
        if not _is_network(proxy):
            problems.append(f"trusted_proxies: {proxy!r} is neither an address nor a network")
    if settings.database_url and not re.match(r"(sqlite|postgresql)(\+\w+)?://", settings.database_url):
        problems.append("database_url: only sqlite:// and postgresql:// are supported")
    if settings.redis_url.reveal() and not re.match(r"(rediss?|unix)://", settings.redis_url.reveal()):
        problems.append("redis_url: not like redis://redis:6379 (also rediss:// and unix://)")
    if not 60 <= settings.idle_s <= settings.absolute_s:
        problems.append("idle_s and absolute_s: 60 <= idle_s <= absolute_s")
    if min(settings.wait_limit_s, settings.call_limit_s) < 1:
        problems.append("wait_limit_s and call_limit_s: at least a second")
    if not 1 <= settings.next_circle_s <= settings.ring_s <= LONGEST_RING_S:
        problems.append(f"next_circle_s and ring_s: 1 <= next_circle_s <= ring_s <= {LONGEST_RING_S}")
    if not 1 <= settings.document_max_mb <= 2000:
        problems.append("document_max_mb: 1 to 2000")
    problems += _check_transcription(settings)
    if settings.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        problems.append("log_level: one of DEBUG, INFO, WARNING, ERROR")
    return problems


def _check_map(settings: Settings) -> list[str]:
    problems = []
    tiles = settings.map_tiles
    is_address = bool(_TILES.fullmatch(tiles)) and all(part in tiles for part in ("{z}", "{x}", "{y}"))
    if tiles and not is_address:
        problems.append(f"map_tiles: {tiles!r} is not like https://tiles.example.jp/{{z}}/{{x}}/{{y}}.png")
    if tiles and not settings.map_attribution:
        problems.append("map_attribution: say whose map it is, as its terms of use demand")
    if settings.map_attribution_url and not settings.map_attribution_url.startswith("https://"):
        problems.append("map_attribution_url: an https:// address")
    return problems


def _check_transcription(settings: Settings) -> list[str]:
    problems = []
    if not 0 <= settings.transcription_workers <= 64:
        problems.append("transcription_workers: 1 to 64 processes, 0 for those of `genba transcribe`")
    if settings.transcription_workers == 0 and not settings.redis_url.reveal():
        problems.append("transcription_workers: 0 needs redis_url, over which `genba transcribe` is reached")
    if not re.fullmatch(r"([0-9a-f]{64})?", settings.transcription_key.reveal()):
        problems.append("transcription_key: what `genba transcribe --show-key` prints at a node")
    if not 0 <= settings.transcription_threads <= 256:
        problems.append("transcription_threads: 0 (as many as there are cores) to 256")
    if not re.fullmatch(r"[a-z]{2,3}", settings.transcription_language):
        problems.append("transcription_language: a language's code, like ja")
    return problems


def _check_turn(settings: Settings) -> list[str]:
    problems = [
        f"turn_urls: {url!r} is not like turns:turn.example.jp:443?transport=tcp"
        for url in settings.turn_urls
        if not _TURN_URL.fullmatch(url)
    ]
    if settings.turn_urls and not settings.turn_secret.reveal():
        problems.append("turn_secret: the relay's static-auth-secret is missing")
    if settings.turn_ttl_s < MIN_TTL_S:
        problems.append(f"turn_ttl_s: at least {MIN_TTL_S}, and longer than a call lasts")
    return problems


def _check_mail(settings: Settings) -> list[str]:
    problems = []
    if settings.smtp_security not in SMTP_SECURITIES:
        problems.append(f"smtp_security: one of {', '.join(SMTP_SECURITIES)}")
    if settings.smtp_host and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", settings.smtp_sender):
        problems.append("smtp_sender: the address mail comes from, like genba@pref.example.jp")
    if settings.smtp_host and bool(settings.smtp_user) != bool(settings.smtp_password.reveal()):
        problems.append("smtp_user and smtp_password: give both or none")
    if settings.heads_mail_to and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", settings.heads_mail_to):
        problems.append("heads_mail_to: an address outside this server that keeps the heads of the chains")
    if not 1 <= settings.smtp_port <= 65535:
        problems.append(f"smtp_port: {settings.smtp_port} is no port (1 to 65535)")
    return problems


def _is_base_url(url: str) -> bool:
    parts = urlsplit(url)
    return (
        parts.scheme in ("http", "https")
        and bool(parts.netloc)
        and parts.path in ("", "/")
        and not parts.query
    )


def _is_network(value: str) -> bool:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return True


def _number(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"{value!r} is no whole number") from None


def _switch(value: str) -> bool:
    match value.strip().lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off" | "":
            return False
    raise ValueError(f"{value!r} is neither yes nor no")


def _words(value: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", value) if word)


_PARSERS: dict[str, Callable[[str], Any]] = {
    "<class 'str'>": str,
    "<class 'int'>": _number,
    "int | None": _number,
    "<class 'bool'>": _switch,
    "tuple[str, ...]": _words,
    "<class 'pathlib.Path'>": Path,
    "<class 'signaling.settings.Secret'>": Secret,
}
