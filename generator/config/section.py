"""What all sections of site.toml have in common, and the kinds of values that several have."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from generator import plugins

LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


def in_hex(value: str) -> str:
    """A colour as #rrggbb."""
    if re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        return value
    # Names of colours are only needed to explain a mistake.
    from generator.colours import meant

    raise PydanticCustomError(
        "hinted", "{expected}", {"expected": 'a colour such as "#b3261e"', "hint": meant(value)}
    )


Colour = Annotated[str, AfterValidator(in_hex)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def listed(expected: str, *, least: int = 0) -> BeforeValidator:
    """Takes a list of at least so many values as a tuple; `expected` says what was expected."""

    def made(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or len(value) < least:
            raise ValueError(expected)
        return tuple(value)

    return BeforeValidator(made)


def installed(seam: plugins.Seam, name: str) -> str:
    """The name itself, if an installed package provides it."""
    try:
        if name not in seam.always:
            plugins.entry_point(seam, name)
    except plugins.UnknownNameError as error:
        raise PydanticCustomError(
            "hinted", "{expected}", {"expected": error.expected, "hint": f" {error.hint}"}
        ) from None
    return name


def server(value: str) -> str:
    """The address of an S3-compatible server, or "" for Amazon's."""
    if value and not re.match(r"^https?://[^\s/?#]+", value):
        raise ValueError('an address like "https://s3.example.org", or "" for Amazon S3')
    return value
