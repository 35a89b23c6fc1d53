"""Whatever bytes a user's file holds, it is read or refused in words: five hundred generated files here.

``benchmarks/fuzz.py`` throws ten thousand and more at the same readers. The inputs are derandomised, so
that the same files are tried on every run.
"""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.targets import TARGETS, Target, check

INPUTS = 500
WHOLE = sum(target.share for target in TARGETS.values())


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_any_file_is_read_or_refused_in_words(target: Target) -> None:
    @settings(
        max_examples=INPUTS * target.share // WHOLE,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(target.inputs)
    def read(content: bytes) -> None:
        check(target, content)

    read()


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"\n", b"\x00" * 600, b"\xff\xfe", b'"', b"," * 200_000]
)
def test_a_file_without_content_is_refused(target: Target, content: bytes) -> None:
    assert not check(target, content)


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_some_of_the_files_are_sound(target: Target) -> None:
    """A mutation of a file that is refused anyway would reach no code behind the first check."""

    @settings(
        max_examples=400,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def read(content: bytes) -> None:
        if not any(accepted):
            accepted.append(check(target, content))

    accepted: list[bool] = []
    read()
    assert any(accepted)
