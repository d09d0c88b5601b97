"""No container engine is needed to know that the image builds: its steps are our scripts, and this runs them.

The Dockerfile is read stage by stage: what COPY copies is copied into a scratch folder, what RUN runs of ours
is run there. Compose file and configurations are held against each other and against the server's settings.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from signaling import settings

ROOT = Path(__file__).resolve().parent.parent
DOCKER = ROOT / "docker"
MEDIA_PORT, HTTP_PORT = "7882", "7880"
# Steps of the base system; anything else a RUN does must be a script of ours.
SYSTEM_STEPS = ("useradd ",)


@dataclass
class Stage:
    """One FROM and its instructions, (verb, rest) in order."""

    image: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, verb: str) -> list[str]:
        """The rests of every instruction of this kind."""
        return [rest for step, rest in self.steps if step == verb]


def _stages() -> list[Stage]:
    text = re.sub(r"\\\n\s*", " ", (DOCKER / "Dockerfile").read_text(encoding="utf-8"))
    stages: list[Stage] = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        verb, rest = line.split(None, 1)
        if verb == "FROM":
            image, _, name = rest.partition(" AS ")
            stages.append(Stage(image, name))
        else:
            stages[-1].steps.append((verb, rest))
    return stages


def _compose() -> dict[str, Any]:  # a YAML document
    document: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yml").read_text(encoding="utf-8"))
    return document


STAGES = _stages()
COMPOSE = _compose()


def test_every_copied_path_exists() -> None:
    for stage in STAGES:
        for rest in stage.all("COPY"):
            *sources, _ = rest.split()
            if sources[0].startswith("--from="):
                assert sources[0].removeprefix("--from=") in {other.name for other in STAGES}
                continue
            for source in sources:
                assert (ROOT / source).exists(), f"the Dockerfile copies {source}, which is not there."


def test_every_step_is_a_script_that_setup_runs_too() -> None:
    steps = [step for stage in STAGES for step in stage.all("RUN")]
    setup = (ROOT / "scripts" / "setup.sh").read_text(encoding="utf-8")

    ours = [step for step in steps if not step.startswith(SYSTEM_STEPS)]

    assert {step.split()[0] for step in ours} == {"scripts/python.sh", "scripts/web.sh"}
    assert all(step.split()[0] in setup for step in ours)


def test_the_image_runs_as_nobody_special_and_knows_its_health() -> None:
    final = STAGES[-1]

    assert final.all("USER") == ["genba"]
    assert len(final.all("HEALTHCHECK")) == 1
    assert f":{HTTP_PORT}/" in final.all("HEALTHCHECK")[0]
    assert final.all("EXPOSE") == [f"{HTTP_PORT}/tcp {MEDIA_PORT}/udp {MEDIA_PORT}/tcp"]
    command = " ".join(yaml.safe_load(final.all("CMD")[0]))
    assert command.startswith("genba serve") and f"--port {HTTP_PORT} --media-port {MEDIA_PORT}" in command


def test_no_secret_is_written_down() -> None:
    for path in (DOCKER / "Dockerfile", DOCKER / "compose.yml", DOCKER / "coturn.conf"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.search(r"(?i)(secret|password|api_key)\w*\s*[:=]", line) and not line.lstrip().startswith(
                "#"
            ):
                assert re.search(r"[:=]\s*\$\{\w+|:\$\{POSTGRES_PASSWORD", line), (
                    f"{path.name}: {line.strip()}"
                )


def test_media_goes_straight_to_the_app_and_nothing_else_is_open() -> None:
    services = COMPOSE["services"]

    assert services["app"]["ports"] == [f"{MEDIA_PORT}:{MEDIA_PORT}/udp", f"{MEDIA_PORT}:{MEDIA_PORT}/tcp"]
    assert {name for name, service in services.items() if "ports" in service} == {"app", "proxy"}
    assert f"reverse_proxy app:{HTTP_PORT}" in (DOCKER / "Caddyfile").read_text(encoding="utf-8")


def test_every_mounted_file_is_there() -> None:
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./") and source != "./certificates":  # the operator's own
                assert (DOCKER / source).is_file(), f"compose.yml mounts {source}, which is not there."


def test_new_secrets_fills_every_variable_the_compose_file_asks_for() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (DOCKER / "compose.yml").read_text(encoding="utf-8"))) - {"VERSION"}

    printed = subprocess.run(
        ["sh", DOCKER / "new-secrets.sh"], capture_output=True, text=True, check=True
    ).stdout
    variables = dict(re.findall(r"(?m)^(\w+)=(.*)$", printed))

    assert asked == set(variables)
    del variables["SMTP_PASSWORD"]  # the mail server's, not ours to make
    secrets = [value for name, value in variables.items() if "SECRET" in name or "PASSWORD" in name]
    assert len(set(secrets)) == len(secrets) and all(len(secret) == 64 for secret in secrets)


def test_the_app_is_configured_with_settings_it_has() -> None:
    """A name the server does not know stops it at the start, so a misspelt one must not get that far."""
    environment = dict(COMPOSE["services"]["app"]["environment"])
    values = {name: re.sub(r"\$\{\w+[^}]*\}", "a" * 40, value) for name, value in environment.items()}
    values["GENBA_PUBLIC_URL"] = "https://genba.example.jp"
    values["GENBA_TURN_URLS"] = "turns:turn.genba.example.jp:443?transport=tcp"
    values |= {"GENBA_SMTP_PORT": "587", "GENBA_SMTP_SECURITY": "tls", "GENBA_SMTP_SENDER": "a@example.jp"}
    values["GENBA_REDIS_URL"] = "redis://redis:6379"
    values |= dict(re.findall(r"(GENBA_\w+)=(\S+)", " ".join(STAGES[-1].all("ENV"))))

    read = settings.read(values, {})

    assert (read.port, read.media_port) == (int(HTTP_PORT), int(MEDIA_PORT))
    assert [read.data_dir.as_posix()] == STAGES[-1].all("VOLUME")


@pytest.mark.long
def test_the_image_builds_from_what_it_copies(tmp_path: Path) -> None:
    for number, stage in enumerate(STAGES):
        folder = tmp_path / (stage.name or f"stage-{number}")
        if stage.image in {earlier.name for earlier in STAGES}:
            subprocess.run(["cp", "-a", tmp_path / stage.image, folder], check=True)
        else:
            folder.mkdir()
        for verb, rest in stage.steps:
            if verb == "COPY":
                _copy(rest.split(), folder, tmp_path)
            elif verb == "RUN" and not rest.startswith(SYSTEM_STEPS):
                done = subprocess.run(shlex.split(rest), cwd=folder, capture_output=True, text=True)
                assert done.returncode == 0, f"RUN {rest}:\n{done.stdout}{done.stderr}"

    runtime = folder
    assert (runtime / ".venv" / "bin" / "genba").exists()
    subprocess.run([runtime / ".venv/bin/python", "-m", "signaling", "--help"], cwd=runtime, check=True)
    assert (runtime / "web_client" / "dist" / "index.html").exists()
    assert not list(runtime.rglob("node_modules/.package-lock.json")), (
        "the image carries the build's packages."
    )


def _copy(words: list[str], folder: Path, stages: Path) -> None:
    origin = ROOT
    if words[0].startswith("--from="):
        origin = stages / words.pop(0).removeprefix("--from=")
    *sources, target = words
    for source in sources:
        found = origin / source.removeprefix("/app").lstrip("/")
        destination = folder / target.removeprefix("/app").lstrip("/")
        if found.is_dir():
            ignored = shutil.ignore_patterns(".venv", "node_modules", "dist") if origin == ROOT else None
            shutil.copytree(found, destination, dirs_exist_ok=True, symlinks=True, ignore=ignored)
        else:
            destination = destination / found.name if target.endswith(("/", ".")) else destination
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(found, destination)
