"""Asks a service over HTTP, patiently but within limits: one JSON document there, one back.

Redirects are not followed, so that a key reaches only the host that site.toml or the program names.
"""

import contextlib
import email.utils
import http.client
import io
import ipaddress
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from generator.describe import PIXELS, PictureError
from generator.errors import BollardsError, on_line

_MAX_BYTES = 2_000_000
_PIECE = 65_536
_QUALITY = 90
# The service is at fault, or asks to wait; the same question may be answered later.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
# The service does not take this picture; it may take the next one.
_OF_PICTURE = frozenset({400, 413, 415, 422})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a service is waited for.

    Attributes:
        tries: how often a picture is sent, at most.
        seconds: for one answer.
        first_wait: in seconds after the first failure; it doubles each time, unless the service
            says how long (Retry-After).
        longest_wait: in seconds; a service that asks for more has ended the run.
    """

    tries: int = 5
    seconds: float = 60.0
    first_wait: float = 1.0
    longest_wait: float = 120.0


PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class Service:
    """A service, as messages name it.

    Attributes:
        name: such as "Google Vision".
        address: of the question.
        key: the key, or "" if none is sent.
        variable: the environment variable of the key.
        header: the header in which the key is sent.
        absent: what to do if nothing answers there, one sentence.
    """

    name: str
    address: str
    key: str
    variable: str
    header: str
    absent: str = "Check the network and `endpoint` under [describe] in site.toml."


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)
# A server on this machine is asked directly, whatever proxy leads elsewhere.
_DIRECT = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def jpeg(image: Image.Image) -> bytes:
    """A picture as it is sent: JPEG of at most `PIXELS` px, without any metadata."""
    sent = image.convert("RGB")
    sent.thumbnail((PIXELS, PIXELS))
    sent.info.clear()
    content = io.BytesIO()
    sent.save(content, "JPEG", quality=_QUALITY)
    return content.getvalue()


def words(text: object) -> str:
    """A text from a service: on one line, without halves of characters, which no file may hold.

    Raises:
        ValueError: it is no text.
    """
    if not isinstance(text, str):
        raise ValueError("no text")
    return " ".join(text.encode(errors="replace").decode().split())


def share(value: object) -> float:
    """A score from a service, 0 to 1.

    Raises:
        ValueError: it is no such number.
    """
    if not isinstance(value, int | float) or not 0 <= value <= 1 + 1e-6:
        raise ValueError("no score")
    return round(min(float(value), 1.0), 4)


def is_here(host: str) -> bool:
    """Whether a host is this machine."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def checked(endpoint: str) -> str:
    """An endpoint from site.toml, without a slash at its end.

    Raises:
        BollardsError: it is no address of the web.
    """
    try:
        parts = urlsplit(endpoint)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not endpoint.isascii() or any(char.isspace() for char in endpoint):
        raise BollardsError(
            "site.toml: [describe] endpoint: expected an address such as"
            f' "http://localhost:2020/v1"; found "{endpoint}".'
        )
    return endpoint.rstrip("/")


def may_have_key(address: str) -> bool:
    """Whether a key may be sent to an address: encrypted, or not beyond this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or is_here(parts.hostname or "")


def ask(service: Service, question: Mapping[str, Any], patience: Patience | None = None) -> Any:
    """The JSON document that a service answers to a question.

    Raises:
        PictureError: the service does not take this picture.
        BollardsError: the service cannot be reached, does not accept the key, has no quota left, or
            answers something else than JSON.
    """
    patience = patience or PATIENCE
    body = json.dumps(question).encode()
    reason = ""
    for attempt in range(patience.tries):
        wait = patience.first_wait * 2**attempt
        try:
            return _document(service, _asked(service, body, patience.seconds))
        except urllib.error.HTTPError as error:
            with error:
                reason = _told(service, error)
                _refuse(service, error.code, reason)
                wait = _wait(service, error, wait, reason, patience)
        except (OSError, http.client.HTTPException) as error:
            reason = _unreached(error, patience)
        if attempt + 1 < patience.tries:
            time.sleep(wait)
    raise BollardsError(
        f"{service.name}: no answer from {service.address} after {patience.tries} tries: {reason}"
        f" {service.absent} Answers so far are kept; run the same command again later."
    )


def _asked(service: Service, body: bytes, seconds: float) -> bytes:
    headers = {"Content-Type": "application/json", "User-Agent": "bollards"}
    if service.key:
        headers[service.header] = service.key
    request = urllib.request.Request(service.address, body, headers, method="POST")  # noqa: S310  checked
    until = time.monotonic() + seconds
    content = bytearray()
    opener = _DIRECT if is_here(urlsplit(service.address).hostname or "") else _OPENER
    with opener.open(request, timeout=seconds) as answer:
        while piece := answer.read1(_PIECE):
            content += piece
            if len(content) > _MAX_BYTES:
                raise BollardsError(
                    f"{service.name}: the answer of {service.address} is larger than"
                    f" {_MAX_BYTES / 1e6:g} MB. {service.absent}"
                )
            if time.monotonic() > until:
                raise TimeoutError
    return bytes(content)


def _document(service: Service, content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise BollardsError(
            f"{service.name}: {service.address} answers something else than JSON"
            f' ("{_short(service, content)}"). {service.absent}'
        ) from None


def _refuse(service: Service, status: int, reason: str) -> None:
    """Explain a refusal that no waiting changes."""
    if status in (401, 403) or (status == 400 and "api key" in reason.lower()):
        raise BollardsError(
            f"{service.name} does not accept the key: {reason}"
            f" Put a valid key into the environment variable {service.variable}."
        )
    if status == 402:
        raise BollardsError(
            f"{service.name}: your account has no credit left: {reason}"
            " Answers so far are kept; top it up and run the same command again."
        )
    if status in _OF_PICTURE:
        raise PictureError(f"{service.name} does not take this picture: {reason}")
    if status not in _PASSING:
        raise BollardsError(f"{service.name}: {service.address}: {reason} {service.absent}")


def _wait(
    service: Service,
    error: urllib.error.HTTPError,
    wait: float,
    reason: str,
    patience: Patience,
) -> float:
    """The seconds to wait, as the service asks or else as given."""
    asked = _seconds(error.headers.get("Retry-After", ""))
    if asked is None:
        return min(wait, patience.longest_wait)
    if asked > patience.longest_wait:
        raise BollardsError(
            f"{service.name}: your quota is spent, or too much was asked: {reason} It asks to wait"
            f" {asked:.0f} s. Answers so far are kept; run the same command again then."
        )
    return asked


def _seconds(told: str) -> float | None:
    """The value of Retry-After: seconds, or a date."""
    if told.strip().isdecimal():
        return float(told)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(told).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _told(service: Service, error: urllib.error.HTTPError) -> str:
    """What a service says about a refusal: its status, and the message in its answer."""
    said: object = None
    content = b""
    with contextlib.suppress(OSError, http.client.HTTPException):
        content = error.read(_PIECE)
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = content
    for key in ("error", "message", "detail"):
        if isinstance(said, dict) and key in said:
            said = said[key]
    text = _short(service, said if isinstance(said, bytes) else str(said).encode())
    return f"{error.code}: {text or error.reason}".rstrip(".") + "."


def _short(service: Service, content: bytes) -> str:
    """The beginning of an answer on one line, without the key if the service repeats it."""
    text = content.decode(errors="replace")
    if service.key:
        text = text.replace(service.key, "…")
    return on_line(" ".join(text.split())[:200])


def _unreached(error: OSError | http.client.HTTPException, patience: Patience) -> str:
    cause = getattr(error, "reason", error)
    if isinstance(cause, TimeoutError):
        return f"no whole answer within {patience.seconds:g} seconds."
    return f"{on_line(str(cause)) or type(cause).__name__}."
