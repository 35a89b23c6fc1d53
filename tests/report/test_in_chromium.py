"""The report in a browser: it renders without complaint, fits a phone and a desk, and prints."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from simcore.report.figures import draw_pictures
from simcore.report.page import render_report
from tests.plots.inputs import all_options_result
from tests.report.inputs import told_result

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip

# A window cannot be narrower than 500 pixels, a frame can: the page stands in a frame as wide as a phone. The frame's
# owner then asks how far the page is wider than the frame, and which elements stick out of it unscrolled.
FRAME = """<!DOCTYPE html><body style="margin:0">
<iframe src="report.html" width="{width}" height="900" style="border:0"></iframe>
<script>
document.querySelector("iframe").onload = event => {{
  const page = event.target.contentDocument, width = page.documentElement.clientWidth;
  const beyond = e => !e.closest(".scroll") && e.getBoundingClientRect().right > width + 1;
  document.body.dataset.probe = [
    width,
    page.documentElement.scrollWidth - width,
    [...page.querySelectorAll("main *")].filter(beyond).map(e => e.tagName + e.className).join(" "),
    [...page.images].filter(image => !image.complete || image.naturalWidth === 0).length,
  ].join("|");
}};
</script></body>"""


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        assert not os.environ.get("CI"), (
            "chromium is not installed: .ci/run installs it, and these tests need it"
        )
        pytest.skip("chromium is not installed; it is in CI, and the report's browser tests run there")
    return found


@pytest.fixture(scope="module")
def page() -> str:
    result = all_options_result().assign_attrs(scenario=told_result().attrs["scenario"])
    return render_report(result, draw_pictures(result))


def _browse(chromium: str, file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as profile:
        command = [
            chromium,
            *QUIET,
            f"--user-data-dir={profile}",
            "--enable-logging=stderr",
            *options,
            file.as_uri(),
        ]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)


def test_the_page_renders_without_a_word_on_the_console(chromium, page, tmp_path):
    file = tmp_path / "report.html"
    file.write_text(page, encoding="utf-8")
    seen = _browse(chromium, file, "--dump-dom")
    assert 'id="provenance"' in seen.stdout
    assert "CONSOLE" not in seen.stderr


def test_a_script_in_the_page_would_be_refused_and_heard(chromium, page, tmp_path):
    """The counter-proof: the page's own policy stops a script, and the console would have told."""
    file = tmp_path / "report.html"
    file.write_text(
        page.replace("</body>", "<script>document.title = 'owned'</script></body>"), encoding="utf-8"
    )
    seen = _browse(chromium, file, "--dump-dom")
    assert "<title>owned" not in seen.stdout
    assert "CONSOLE" in seen.stderr


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_sticks_out_and_every_picture_shows(chromium, page, tmp_path, width):
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    frame = tmp_path / "frame.html"
    frame.write_text(FRAME.format(width=width), encoding="utf-8")
    seen = _browse(chromium, frame, "--allow-file-access-from-files", "--window-size=1400,1000", "--dump-dom")
    found = re.search(r'data-probe="(.*?)"', seen.stdout)
    assert found is not None
    # Width of the frame, nothing beyond it, no element sticking out, no picture missing.
    assert found.group(1) == f"{width}|0||0"


def test_it_prints(chromium, page, tmp_path):
    file, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    file.write_text(page, encoding="utf-8")
    _browse(chromium, file, f"--print-to-pdf={printed}")
    content = printed.read_bytes()
    assert content.startswith(b"%PDF")
    pages = len(re.findall(rb"/Type\s*/Page\b", content))
    # Six pictures, 26 contracts and the documentation: more than a few pages, and no runaway.
    assert 5 <= pages <= 20
