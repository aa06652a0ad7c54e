"""Captions from Moondream: Moondream Station on the owner's machine, or Moondream's cloud.

The protocol: https://docs.moondream.ai/skills/caption.
"""

import base64
import os
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

from generator.config import DescribeSettings
from generator.describe import PIXELS, Describer, Description
from generator.describe.ask import Service, ask, checked, jpeg, may_have_key, words
from generator.errors import BollardsError

STATION = "http://localhost:2020/v1"
CLOUD = "https://api.moondream.ai/v1"
KEY = "MOONDREAM_API_KEY"
_NAME = "Moondream"
_LENGTH = "normal"
# US dollars for a picture in the cloud, an estimate: some 1,000 tokens in at $0.30 a million, and
# 150 out at $1.00 a million (https://moondream.ai/pricing, read in 2026), rounded up.
_PRICE = 0.0005


class MoondreamDescriber(Describer):
    """A caption for a picture, in English; no labels."""

    name = "moondream"

    def __init__(self, endpoint: str, key: str, *, in_cloud: bool) -> None:
        absent = "Check the network and `endpoint` under [describe] in site.toml."
        if endpoint == STATION:
            absent = (
                "Start Moondream Station, or set `endpoint` under [describe] in site.toml to"
                f' "{CLOUD}" for the cloud.'
            )
        self._service = Service(
            _NAME, f"{endpoint}/caption", key, KEY, "X-Moondream-Auth", absent=absent
        )
        self.price = _PRICE if in_cloud else 0.0
        self._in_cloud = in_cloud
        self.fingerprint = f"moondream {endpoint} {_LENGTH} {PIXELS}"

    def prepare(self) -> None:
        """See that there is a key if the cloud is asked."""
        if self._in_cloud and not self._service.key:
            raise BollardsError(
                "Moondream's cloud needs a key, sent over https. Create one at"
                " https://moondream.ai/c/cloud/api-keys, put it into the environment variable"
                f' {KEY}, and set `endpoint` to "{CLOUD}". The key is never written anywhere.'
            )

    def describe(self, image: Image.Image) -> Description:
        """The caption of a picture."""
        picture = "data:image/jpeg;base64," + base64.b64encode(jpeg(image)).decode()
        answer = ask(self._service, {"image_url": picture, "length": _LENGTH, "stream": False})
        caption = answer.get("caption") if isinstance(answer, dict) else None
        if not isinstance(caption, str):
            raise BollardsError(
                f"{_NAME}: the answer of {self._service.address} has no caption. Check that"
                " Moondream runs there, in a current version."
            )
        return Description(words(caption))


def load(name: str, settings: DescribeSettings, project: Path) -> MoondreamDescriber:
    """The describer "moondream".

    Raises:
        BollardsError: the endpoint is no address.
    """
    endpoint = checked(settings.endpoint or STATION)
    host = urlsplit(endpoint).hostname or ""
    in_cloud = host == "moondream.ai" or host.endswith(".moondream.ai")
    key = os.environ.get(KEY, "").strip() if may_have_key(endpoint) else ""
    return MoondreamDescriber(endpoint, key, in_cloud=in_cloud)
