"""`bollards review`: the page's server, which only this machine can reach."""

import asyncio
import contextlib
import json
import webbrowser
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from generator import resources
from generator.build import build
from generator.config import load_settings
from generator.errors import BollardsError
from generator.keep import sweep_temporary
from generator.local.guard import Guard, Keys, make_keys
from generator.local.listening import listen, server
from generator.progress import Progress
from generator.project import Project
from generator.render.environment import make_environment
from generator.render.styles import theme_rules
from generator.review.builds import Builds
from generator.review.decisions import Request
from generator.review.session import BrokenFileError, RefusedError, Session
from generator.things import BOLLARDS

PAGE = Path(__file__).parent / "page"
_SHARED = ("tokens.css", "base.css")
_ICONS = ("icon.svg", "collection.svg", "unknown.svg")
_HEARTBEAT_S = 10.0
_LOOK_S = 0.5
_MOST_BYTES = 1_000_000
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Windows:
    """The open pages. Announcing is safe from any thread."""

    def __init__(self) -> None:
        self._bells: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def ring(self) -> None:
        """Tell every open page to update."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring)

    def _ring(self) -> None:
        for bell in self._bells:
            bell.set()

    async def events(self, status: Callable[[], Any]) -> AsyncIterator[str]:
        """The server-sent events of one page: the state of the background build, as it changes."""
        self._loop = asyncio.get_running_loop()
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            yield "retry: 1000\n\n"
            while True:
                yield f"event: look\ndata: {json.dumps(status())}\n\n"
                try:
                    await asyncio.wait_for(bell.wait(), _HEARTBEAT_S)
                    # Changes within a moment are reported once.
                    await asyncio.sleep(0.05)
                except TimeoutError:
                    # Without this comment line, a lost connection would never be noticed.
                    yield ": still here\n\n"
                bell.clear()
        finally:
            self._bells.discard(bell)


def application(
    project: Project,
    keys: Keys,
    *,
    builds: Builds | None = None,
    beside: Sequence[BaseRoute] = (),
    public: frozenset[str] = frozenset(),
) -> Starlette:
    """The page, its data, and the address for its decisions; only with the key.

    Args:
        project: the paths of the site project.
        keys: admit the owner's browser.
        builds: builds in the background, if the page does not start all of them.
        beside: more addresses, for `bollards studio`. With them, the page links to the site and the
            report.
        public: addresses of these that need no key.
    """
    windows = Windows()
    session = Session(project, windows.ring)
    builds = builds or Builds(project)
    builds.announce = windows.ring

    async def page(_: HttpRequest) -> Response:
        return HTMLResponse(await run_in_threadpool(page_of, project))

    async def theme(_: HttpRequest) -> Response:
        try:
            rules = theme_rules(load_settings(project.settings).theme)
        except BollardsError as error:
            return JSONResponse({"error": str(error)}, status_code=503)
        return Response(rules, media_type="text/css")

    async def collection(_: HttpRequest) -> Response:
        return await _answer(lambda: {**session.collection(), "studio": bool(beside)})

    async def state(_: HttpRequest) -> Response:
        return await _answer(session.state)

    async def decide(request: HttpRequest) -> Response:
        body = await _body(request)
        try:
            decision = Request.model_validate_json(body)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            return JSONResponse({"error": f"{where}: {first['msg']}"}, status_code=422)
        return await _answer(partial(_then, session, partial(session.decide, decision)))

    async def undo(_: HttpRequest) -> Response:
        return await _answer(partial(_then, session, session.undo))

    async def redo(_: HttpRequest) -> Response:
        return await _answer(partial(_then, session, session.redo))

    async def start_build(_: HttpRequest) -> Response:
        started = await run_in_threadpool(builds.start)
        return JSONResponse(builds.status, status_code=202 if started else 409)

    async def events(_: HttpRequest) -> Response:
        stream = windows.events(lambda: builds.status)
        return StreamingResponse(stream, media_type="text/event-stream")

    async def look_around() -> None:
        """Notice hand edits and builds from elsewhere."""
        known = await run_in_threadpool(session.marks)
        while True:
            await asyncio.sleep(_LOOK_S)
            now = await run_in_threadpool(session.marks)
            if now != known:
                known = now
                windows.ring()

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        looking = asyncio.create_task(look_around())
        yield
        looking.cancel()
        # Let a running build finish: aborting would lose nothing, but the time would be spent
        # again.
        await run_in_threadpool(builds.wait)

    routes = [
        Route("/", page),
        Route("/theme.css", theme),
        Route("/api/collection", collection),
        Route("/api/state", state),
        Route("/api/events", events),
        Route("/api/decide", decide, methods=["POST"]),
        Route("/api/undo", undo, methods=["POST"]),
        Route("/api/redo", redo, methods=["POST"]),
        Route("/api/build", start_build, methods=["POST"]),
        *_files(project),
    ]
    guard = Middleware(Guard, keys=keys, headers=HEADERS, public=public)
    return Starlette(routes=[*beside, *routes], middleware=[guard], lifespan=lifespan)


def _files(project: Project) -> list[BaseRoute]:
    """The addresses of files that the page uses."""
    styles, icons = resources.STATIC / "css" / "parts", resources.STATIC / "icons"
    return [
        *(Route(f"/shared/{name}", partial(_file, styles / name)) for name in _SHARED),
        *(Route(f"/{name}", partial(_file, icons / name)) for name in _ICONS),
        Mount("/flags", StaticFiles(directory=resources.FLAGS, check_dir=False)),
        Mount("/page", StaticFiles(directory=PAGE)),
        Mount("/pictures", StaticFiles(directory=project.pictures, check_dir=False)),
    ]


def page_of(project: Project) -> str:
    """The review page in the words of the collection; those of bollards if site.toml is broken."""
    things = BOLLARDS
    with contextlib.suppress(BollardsError):
        things = load_settings(project.settings).collection.shows
    one, many = things.called("en")
    icon = "icon.svg" if things == BOLLARDS else "collection.svg"
    environment = make_environment((PAGE,), "en", None)
    return environment.get_template("review.html").render(thing=one, things=many, icon=icon)


async def _file(path: Path, _: HttpRequest) -> Response:
    return FileResponse(path)


def _then(session: Session, act: Callable[[], object]) -> Any:
    """Do something, then return the new state."""
    act()
    return session.state()


async def _answer(ask: Callable[[], Any]) -> Response:
    """The answer as JSON, computed in a thread, or the error."""
    try:
        found = await run_in_threadpool(ask)
    except BrokenFileError as error:
        return JSONResponse({"error": str(error), "why": "broken"}, status_code=409)
    except RefusedError as error:
        return JSONResponse({"error": str(error), "why": "changed"}, status_code=409)
    except BollardsError as error:
        return JSONResponse({"error": str(error), "why": "impossible"}, status_code=422)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        text = f"{where}{error.strerror or error}. The decision was not saved."
        return JSONResponse({"error": text, "why": "unsaved"}, status_code=500)
    return JSONResponse(found)


async def _body(request: HttpRequest) -> bytes:
    """The body of a request; empty if it is too large or the client has gone."""
    body = b""
    with contextlib.suppress(ClientDisconnect):
        async for part in request.stream():
            body += part
            if len(body) > _MOST_BYTES:
                return b""
        return body
    return b""


def review(project: Project, *, port: int, open_browser: bool) -> None:
    """Build, and serve the review page until Ctrl-C.

    Raises:
        BollardsError: the site was never built and cannot be, another review of this project is
            running, or the port is taken.
    """
    try:
        click.echo("\n".join(build(project, Progress()).lines()))
    except BollardsError as error:
        if not project.index.exists():
            raise
        # Usually a curation.toml that was broken by hand: the page helps to repair it.
        click.echo(f"Error: {error}\nShowing the results of the last build.", err=True)
    with project.locked("review"):
        # Complete what a killed review left unfinished.
        sweep_temporary(project.root, of=lambda name: name == project.curation.name)
        sweep_temporary(project.work, of=lambda name: name == project.history.name)
        listener = listen(port)
        keys = make_keys(project.session_key)
        address = keys.address(listener.getsockname()[1])
        try:
            click.echo(f"Review page: {address} (Ctrl-C stops; every decision is saved at once)")
            if open_browser:
                webbrowser.open(address)
            server(application(project, keys)).run(sockets=[listener])
        except KeyboardInterrupt:
            click.echo("\nStopped.")
