"""What an installation decides about accounts. Apart from what acts on it, because settings are read before
everything else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """argon2id parameters; the default is RFC 9106's second recommendation. Tests use cheap ones."""

    time_cost: int = 3
    memory_kib: int = 64 * 1024
    parallelism: int = 4


@dataclass(frozen=True, slots=True)
class SignInPolicy:
    """Lifetimes of sessions; `issuer` is the name shown in authenticator apps."""

    idle_s: int = 2 * 3600
    absolute_s: int = 12 * 3600
    first_stage_s: int = 600
    issuer: str = "Genba"
