"""Labels from Google Cloud Vision.

The protocol: https://docs.cloud.google.com/vision/docs/request. A key for the API is sent in the
header X-Goog-Api-Key, and not in the address, which servers and proxies write down.
"""

import base64
import os
from pathlib import Path
from typing import Any

from PIL import Image

from generator.config import DescribeSettings
from generator.describe import PIXELS, Describer, Description, Label, PictureError
from generator.describe.ask import Service, ask, checked, jpeg, may_have_key, share, words
from generator.errors import BollardsError

ENDPOINT = "https://vision.googleapis.com/v1"
KEY = "GOOGLE_API_KEY"
_NAME = "Google Vision"
_MOST = 10
# US dollars for a picture, beyond the 1,000 that are free each month:
# https://cloud.google.com/vision/pricing, read in 2026.
_PRICE = 0.0015


class GoogleVisionDescriber(Describer):
    """Up to ten labels for a picture, in English; no caption."""

    name = "google-vision"
    price = _PRICE

    def __init__(self, endpoint: str, key: str) -> None:
        self._service = Service(
            _NAME, f"{endpoint}/images:annotate", key.strip(), KEY, "X-Goog-Api-Key"
        )
        self.fingerprint = f"google-vision labels {_MOST} {PIXELS}"

    def prepare(self) -> None:
        """See that there is a key, and that it may be sent."""
        if not self._service.key:
            raise BollardsError(
                'The describer "google-vision" needs a key. Create one for the Cloud Vision API at'
                " https://console.cloud.google.com/apis/credentials, and put it into the"
                f" environment variable {KEY}. It is never written anywhere."
            )
        if not may_have_key(self._service.address):
            raise BollardsError(
                "site.toml: [describe] endpoint: expected an address that begins with https://,"
                f' because the key is sent there; found "{self._service.address}".'
            )

    def describe(self, image: Image.Image) -> Description:
        """The labels of a picture."""
        content = base64.b64encode(jpeg(image)).decode()
        feature = {"type": "LABEL_DETECTION", "maxResults": _MOST}
        answer = ask(
            self._service, {"requests": [{"image": {"content": content}, "features": [feature]}]}
        )
        try:
            return _read(answer["responses"][0])
        except (AttributeError, LookupError, TypeError, ValueError):
            raise BollardsError(
                f"{_NAME}: the answer is not as documented. If this lasts, its protocol has"
                " changed: update bollards."
            ) from None


def _read(response: dict[str, Any]) -> Description:
    if "error" in response:
        raise PictureError(f"{_NAME}: {words(response['error'].get('message', 'no answer'))}")
    found = response.get("labelAnnotations", [])
    labels = [Label(words(one["description"]), share(one.get("score", 0))) for one in found[:_MOST]]
    labels.sort(key=lambda label: (-label.score, label.name))
    return Description(labels=tuple(labels))


def load(name: str, settings: DescribeSettings, project: Path) -> GoogleVisionDescriber:
    """The describer "google-vision".

    Raises:
        BollardsError: the endpoint is no address.
    """
    return GoogleVisionDescriber(checked(settings.endpoint or ENDPOINT), os.environ.get(KEY, ""))
