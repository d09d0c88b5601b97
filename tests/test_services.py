"""The services tests rely on are the real ones and start empty."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.services import ProgramMissing, Redis, find_program


@pytest.mark.service
def test_redis_answers_and_is_empty(redis_url: str) -> None:
    import redis

    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("kept", "until the next test")


@pytest.mark.service
def test_redis_was_emptied_between_tests(redis_url: str) -> None:
    import redis

    with redis.Redis.from_url(redis_url) as client:
        assert client.get("kept") is None


@pytest.mark.service
def test_redis_can_be_taken_away_and_given_back(tmp_path: Path) -> None:
    with Redis(tmp_path) as server:
        server.stop()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), timeout=1)
        server.start()
        server.empty()


@pytest.mark.service
def test_postgresql_stores_japanese(postgresql_url: str) -> None:
    import psycopg

    with psycopg.connect(postgresql_url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT '現場'::text, char_length('現場')").fetchone()

    assert row == ("現場", 2)


def test_a_missing_program_names_the_command_that_brings_it() -> None:
    with pytest.raises(ProgramMissing, match="apt-get install no-such-package"):
        find_program("no-such-program", "no-such-package")


def test_a_forgotten_task_fails_its_test(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, repository: Path
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(repository))
    pytester.makeconftest("from tests.leaks import nothing_is_left_behind")
    pytester.makepyfile(
        """
        import asyncio

        async def wait_for_ever():
            await asyncio.Event().wait()

        async def forget():
            task = asyncio.get_running_loop().create_task(wait_for_ever(), name="forgotten")
            await asyncio.sleep(0)

        def test_that_forgets():
            asyncio.run(forget())
        """
    )

    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*left unfinished: forgotten (wait_for_ever)*"])


def test_a_running_thread_fails_its_test(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, repository: Path
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(repository))
    pytester.makeconftest("from tests.leaks import nothing_is_left_behind")
    pytester.makepyfile(
        """
        import threading

        GOES_ON = threading.Event()

        def test_that_forgets():
            threading.Thread(target=GOES_ON.wait, args=(1,), name="forgotten").start()
        """
    )

    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*left running: forgotten*"])
