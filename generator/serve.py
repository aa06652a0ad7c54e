"""`bollards serve`: build, serve on localhost, rebuild and reload the page on every change."""

import asyncio
import json
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import click
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from generator import resources
from generator.build import build
from generator.errors import BollardsError
from generator.local.changes import Changes
from generator.local.guard import Guard, Keys, make_keys
from generator.local.listening import listen, server
from generator.progress import Progress
from generator.project import Project
from generator.publish.headers import SECURITY_HEADERS, headers_of_all
from generator.published import pictures_url

_RELOAD_SCRIPT = '<script type="module" src="/_bollards/reload.js?root=%s"></script></body>'
# A page reloads if the build has changed the page itself or a file that it has loaded. Addresses of
# assets and pictures change with their content, and so change the page.
_RELOAD_MODULE = """\
performance.setResourceTimingBufferSize(100000);
const root = new URL(import.meta.url).searchParams.get("root");
const events = new EventSource("/_bollards/events");
function file(address) {
  const path = decodeURIComponent(new URL(address).pathname).slice(root.length);
  return !path || path.endsWith("/") ? `${path}index.html` : path;
}
events.addEventListener("rebuilt", (event) => {
  const changed = new Set(JSON.parse(event.data));
  const loaded = performance.getEntriesByType("resource").map((one) => one.name);
  if ([location.href, ...loaded].some((address) => changed.has(file(address)))) location.reload();
  else document.getElementById("bollards-failure")?.remove();
});
events.addEventListener("failed", (event) => {
  document.getElementById("bollards-failure")?.remove();
  const box = document.createElement("dialog");
  box.id = "bollards-failure";
  const title = document.createElement("strong");
  title.textContent = "The last build failed. This is the site as it was before.";
  const text = document.createElement("pre");
  text.textContent = JSON.parse(event.data);
  const close = document.createElement("button");
  close.textContent = "Close";
  close.addEventListener("click", () => box.close());
  Object.assign(text.style, { whiteSpace: "pre-wrap", overflowWrap: "anywhere" });
  Object.assign(box.style, { maxWidth: "60rem", borderTop: "6px solid #c1121f" });
  box.append(title, text, close);
  document.body.append(box);
  box.showModal();
});
"""
# A browser that opened a built site on this port before has that site's service worker, which would
# show old pages. This one replaces it, then removes itself and its caches.
_FAREWELL = """\
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const kept = (await caches.keys()).filter((name) => name.startsWith("bollards-"));
  await Promise.all(kept.map((name) => caches.delete(name)));
  await self.registration.unregister();
  for (const client of await self.clients.matchAll({ type: "window" })) client.navigate(client.url);
})()));
"""
_HEARTBEAT_S = 15.0


class Reload:
    """Tells every open page that the site was rebuilt, or could not be. Safe from any thread."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[str]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._failure = ""

    def announce(self, changed: Sequence[str]) -> None:
        """Let the open pages reload that show one of these files, by paths below the root."""
        self._failure = ""
        self._send(f"event: rebuilt\ndata: {json.dumps(changed)}\n\n")

    def fail(self, message: str) -> None:
        """Show over every page, also over those opened later, why the last build failed."""
        self._failure = f"event: failed\ndata: {json.dumps(message)}\n\n"
        self._send(self._failure)

    def _send(self, event: str) -> None:
        if self._loop:
            for queue in tuple(self._listeners):
                self._loop.call_soon_threadsafe(queue.put_nowait, event)

    async def events(self) -> AsyncIterator[str]:
        """The stream of server-sent events of one page."""
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield "retry: 500\n\n" + self._failure
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), _HEARTBEAT_S)
                except TimeoutError:
                    # Without this comment line, a lost connection would never be noticed.
                    yield ": still here\n\n"
        finally:
            self._listeners.discard(queue)


_PUBLIC = frozenset({"/sw.js"})


def application(project: Project, reload: Reload, keys: Keys) -> ASGIApp:
    """The server: the site, and the two addresses that make pages reload."""
    starlette = Starlette(routes=[*reload_routes(reload), Route("/sw.js", farewell)])
    # html=True serves a folder's index.html, and 404.html for missing files.
    starlette.mount("/", StaticFiles(directory=project.public, html=True, check_dir=False))
    return Guard(WithReload(starlette, project.public), keys, SECURITY_HEADERS, _PUBLIC)


def reload_routes(reload: Reload) -> list[Route]:
    """The addresses of the script that reloads pages, and of its events."""

    async def events(_: Request) -> Response:
        return StreamingResponse(reload.events(), media_type="text/event-stream")

    async def module(_: Request) -> Response:
        return PlainTextResponse(_RELOAD_MODULE, media_type="text/javascript")

    return [Route("/_bollards/events", events), Route("/_bollards/reload.js", module)]


async def farewell(_: Request) -> Response:
    """The service worker that takes the place of a built site's, and removes itself."""
    return PlainTextResponse(_FAREWELL, media_type="text/javascript")


class WithReload:
    """Adds the reloading script to every page, and the headers of `_headers` to every response.

    Pictures that visitors will get from another host come from this one.

    The Content-Security-Policy is that of a real host: pages that would fail there fail here.
    """

    def __init__(self, app: ASGIApp, public: Path) -> None:
        self._app = app
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = shows = False
        away = pictures_url(self._public)
        # Pictures may not be on the other host yet.
        beside = f"{scope.get('root_path', '')}/pictures/"
        start: Message | None = None
        body = b""

        async def transform(message: Message) -> None:
            nonlocal is_page, shows, start, body
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in headers_of_all(self._public).items():
                    headers[name] = value
                headers["Cache-Control"] = "no-cache"
                kind = headers.get("content-type", "")
                is_page = kind.startswith("text/html")
                shows = bool(away) and kind.startswith("application/json")
                if (is_page or shows) and message["status"] in (200, 404):
                    start = message
                    return
            elif start is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                script = _RELOAD_SCRIPT % f"{scope.get('root_path', '')}/"
                page = body.replace(b"</body>", script.encode(), 1) if is_page else body
                if away:
                    page = page.replace(f"{away}pictures/".encode(), beside.encode())
                MutableHeaders(scope=start)["Content-Length"] = str(len(page))
                await send(start)
                await send({"type": "http.response.body", "body": page})
                return
            await send(message)

        await self._app(scope, receive, transform)


def serve(project: Project, *, port: int, open_browser: bool) -> None:
    """Build, serve until Ctrl-C, rebuild when photos, notes, templates or settings change.

    Raises:
        BollardsError: the first build failed, or the port is taken.
    """
    _build_and_tell(project)
    reload, changes = Reload(), Changes(project.public)
    listener = listen(port)
    keys = make_keys(project.session_key)
    address = keys.address(listener.getsockname()[1])
    stop = threading.Event()

    def rebuild() -> None:
        try:
            _build_and_tell(project)
        except BollardsError as error:
            click.echo(f"Error: {error}\nServing the last good site.", err=True)
            reload.fail(str(error))
        else:
            reload.announce(changes.since())

    watcher = threading.Thread(target=follow, args=(project, rebuild, stop), daemon=True)
    watcher.start()
    try:
        click.echo(f"Serving {address} (Ctrl-C stops)")
        if open_browser:
            webbrowser.open(address)
        server(application(project, reload, keys), lifespan=False).run(sockets=[listener])
    except KeyboardInterrupt:
        # Ctrl-C is the normal way to stop it.
        click.echo("\nStopped.")
    finally:
        stop.set()
        watcher.join(timeout=30)


def follow(project: Project, rebuild: Callable[[], None], stop: threading.Event) -> None:
    """Rebuild whenever the owner, or somebody who works on the program, changes a file."""
    from watchfiles import Change, DefaultFilter, watch

    own = {path.resolve() for path in (project.public, project.work, project.ledger)}

    class Owners(DefaultFilter):
        """Accepts the files that the owner may change, and no files that a build writes."""

        def __call__(self, change: Change, path: str) -> bool:
            changed = Path(path)
            return own.isdisjoint((changed, *changed.parents)) and super().__call__(change, path)

    folders: list[Path] = [project.root, resources.TEMPLATES, resources.STATIC]
    for _ in watch(*folders, watch_filter=Owners(), stop_event=stop, debounce=400):
        rebuild()


def _build_and_tell(project: Project) -> None:
    click.echo("\n".join(build(project, Progress()).lines()))
