"""`bollards studio`: review page, site and report at one address, and messages on failed builds."""

import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, expect

from generator.project import Project

MakeProject = Callable[..., Project]


@contextmanager
def studio(project: Project) -> Iterator[str]:
    """A running studio; its address."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "generator", "studio", str(project.root), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if match := re.search(r"http://localhost:\d+/\?token=\S+", line):
                yield match[0]
                break
        else:
            pytest.fail(f"studio ended: {''.join(said)}")
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_review_page_site_and_report_share_one_address_behind_the_token(
    make_project: MakeProject,
) -> None:
    with studio(make_project()) as address:
        visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

        def read(path: str) -> str:
            with visitor.open(urljoin(address, path), timeout=60) as answer:
                return str(answer.read().decode())

        with pytest.raises(urllib.error.HTTPError) as closed:
            read("/site/")
        assert closed.value.code == 403
        assert 'id="bench"' in read(address)
        assert "<h1" in read("/site/")
        report = read("/report")
        assert "What the last build changed" in report
        assert "../public/" not in report
        for picture in re.findall(r'src="(/site/[^"]+)"', report)[:2]:
            with visitor.open(urljoin(address, picture), timeout=60) as answer:
                assert answer.status == 200


@pytest.mark.browser
def test_a_decision_is_on_the_site_and_a_failed_build_is_shown_above_its_pages(
    make_project: MakeProject, browser: Browser
) -> None:
    project = make_project()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    with studio(project) as address:
        review, site = context.new_page(), context.new_page()
        review.goto(address)
        expect(review.locator("#studio a").first).to_have_text("Site")
        site.goto(urljoin(address, "/site/"))
        review.wait_for_selector("#bench .photo")

        review.keyboard.press("n")
        review.keyboard.type("Leitpfosten")
        review.keyboard.press("Enter")
        expect(site.get_by_text("Leitpfosten").first).to_be_visible(timeout=90_000)

        good = project.settings.read_text(encoding="utf-8")
        project.settings.write_text("[sight]\n", encoding="utf-8")
        expect(site.locator("#bollards-failure")).to_contain_text("sight", timeout=90_000)
        expect(review.locator("#alerts")).to_contain_text("The build failed")

        project.settings.write_text(good, encoding="utf-8")
        expect(site.locator("#bollards-failure")).to_have_count(0, timeout=90_000)
        expect(review.locator("#alerts")).to_be_empty()
        context.close()
