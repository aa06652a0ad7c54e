"""Who may talk to the review page's server: this machine's browser, from the page itself.

Any website that the curator has open in another tab can send requests to localhost, and a host
name that its owner points at 127.0.0.1 (DNS rebinding) would even let it read the answers. So
every request must name this server as its host, and whatever changes something must come from the
page itself: browsers tell where a request comes from, and no script can make them lie.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = ("127.0.0.1", "localhost")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_READING = ("GET", "HEAD")
# "none" is what a browser says when a person typed the address.
_OWN_SITES = ("same-origin", "none")


def refusal(method: str, headers: Headers) -> str:
    """Why a request is not answered, or "" when it may be.

    https://developer.mozilla.org/en-US/docs/Web/HTTP/Headers/Sec-Fetch-Site
    """
    host = headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in HOSTS:
        return "This server answers under 127.0.0.1 and localhost only."
    site = headers.get("sec-fetch-site")
    reading = method in _READING
    if site is not None and site not in _OWN_SITES:
        # A link from elsewhere may open the page, since that page cannot see what is in it.
        opening = headers.get("sec-fetch-mode") == "navigate"
        if not (reading and opening and headers.get("sec-fetch-dest") == "document"):
            return "Requests from other websites are refused."
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        return "Requests from other websites are refused."
    if reading:
        return ""
    if origin is None:
        return "A change must say where it comes from (Origin)."
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        return "A change must be sent as application/json."
    return ""


class Guard:
    """Refuses requests that do not come from the page, and adds the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        reason = refusal(scope["method"], Headers(scope=scope))
        if reason:
            answer = JSONResponse({"error": reason}, status_code=403)
            await answer(scope, receive, with_headers)
            return
        await self._app(scope, receive, with_headers)
