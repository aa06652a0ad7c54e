"""The sections about what may be published, where, and with what limits."""

import re
from typing import Any, Literal

from pydantic import Field, field_validator

from generator.config.section import Section, server


class PrivacySettings(Section):
    """The private metadata that may be published."""

    location: bool = False
    """Publish latitude and longitude from photos.csv (never those inside a photo)."""
    taken: Literal["day", "month", "year", "none"] = "day"
    """The precision of published dates of photos."""
    file_names: bool = True
    """Publish the names of original files; otherwise data names photos by their ids."""
    salt: str = ""
    """Part of photo ids, so that they do not reveal which files they were made from."""


class SecuritySettings(Section):
    """Other websites that pages may use; without any, they use only the site's own files."""

    scripts: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()

    @field_validator(
        "scripts", "pictures", "connections", "styles", "fonts", "frames", mode="before"
    )
    @classmethod
    def _are_hosts(cls, value: Any) -> Any:
        # A scheme, a host and perhaps a port, and nothing else: it goes into a header as it is.
        host = re.compile(
            r"https://(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:\d{1,5})?"
        )
        listed = isinstance(value, list | tuple)
        if not listed or not all(isinstance(one, str) and host.fullmatch(one) for one in value):
            raise ValueError('a list of hosts, such as ["https://stats.example.org"]')
        return tuple(value)


class PublishSettings(Section):
    """Photos that may be published without the owner's decision."""

    unseen: Literal["flag", "hold"] = "hold"
    """What happens to new photos in which no bollard is seen."""


class BuildSettings(Section):
    """The limits of a build."""

    memory: int = Field(default=0, ge=0, le=1_000_000)
    """Megabytes for decoded photos; 0 takes a quarter of what is free, 512 at most."""


class DeploySettings(Section):
    """Where the finished site is published."""

    to: str = ""
    endpoint: str = ""
    domain: str = ""
    pictures_to: str = ""
    """Where the pictures go, if `[pictures] base_url` is set."""
    pictures_endpoint: str = ""

    @field_validator("endpoint", "pictures_endpoint")
    @classmethod
    def _is_address(cls, value: str) -> str:
        return server(value)

    @field_validator("domain")
    @classmethod
    def _is_domain(cls, value: str) -> str:
        label = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
        if value and not re.fullmatch(rf"({label}\.)+{label}", value):
            raise ValueError('a domain in lower case, such as "bollards.example.org", or ""')
        return value
