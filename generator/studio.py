"""`bollards studio`: review page, site and report at one address, rebuilt on every change."""

import threading
import webbrowser

import click
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from generator.keep import sweep_temporary
from generator.local.changes import Changes
from generator.local.guard import Keys, make_keys
from generator.local.listening import listen, server
from generator.project import Project
from generator.review.builds import Builds
from generator.review.server import application as review_page
from generator.serve import Reload, WithReload, farewell, follow, reload_routes

SITE, REPORT = "/site", "/report"
_WORKER = f"{SITE}/sw.js"
# The report has its style inside, and shows pictures of the site and of photos held back.
_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)


def application(project: Project, keys: Keys, reload: Reload, builds: Builds) -> Starlette:
    """The server: the review page at /, the site at /site/, the report at /report."""
    files = StaticFiles(directory=project.public, html=True, check_dir=False)

    async def report(_: Request) -> Response:
        try:
            page = project.report_page.read_text(encoding="utf-8")
        except OSError:
            return PlainTextResponse("There is no report yet: no build has succeeded.", 404)
        page = page.replace(f"../{project.public.name}/", f"{SITE}/")
        headers = {"Content-Security-Policy": _REPORT_POLICY}
        return Response(page, media_type="text/html", headers=headers)

    beside = [
        *reload_routes(reload),
        Route(REPORT, report),
        Route(_WORKER, farewell),
        Mount(SITE, WithReload(files, project.public)),
    ]
    return review_page(project, keys, builds=builds, beside=beside, public=frozenset({_WORKER}))


def studio(project: Project, *, port: int, open_browser: bool) -> None:
    """Build, serve everything until Ctrl-C, and rebuild when something changes.

    A build that fails is shown over the pages, also the first one.

    Raises:
        BollardsError: a review of this project is running, or the port is taken.
    """
    reload, changes = Reload(), Changes(project.public)

    def ended(lines: list[str], failed: bool) -> None:
        text = "\n".join(lines)
        click.echo(f"Error: {text}" if failed else text, err=failed)
        if failed:
            reload.fail(text)
        else:
            reload.announce(changes.since())

    builds = Builds(project, ended=ended)

    def rebuild() -> None:
        # One that is running may have read the files before they changed.
        builds.wait()
        builds.start()
        builds.wait()

    with project.locked("review"):
        sweep_temporary(project.root, of=lambda name: name == project.curation.name)
        sweep_temporary(project.work, of=lambda name: name == project.history.name)
        listener = listen(port)
        keys = make_keys(project.session_key)
        address = keys.address(listener.getsockname()[1])
        stop = threading.Event()
        rebuild()
        watcher = threading.Thread(target=follow, args=(project, rebuild, stop), daemon=True)
        watcher.start()
        try:
            click.echo(f"Studio: {address} (Ctrl-C stops; every decision is saved at once)")
            if open_browser:
                webbrowser.open(address)
            server(application(project, keys, reload, builds)).run(sockets=[listener])
        except KeyboardInterrupt:
            click.echo("\nStopped.")
        finally:
            stop.set()
            watcher.join(timeout=30)
