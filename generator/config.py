"""site.toml as one validated value, with a default for every key.

Everything wrong with a file is reported at once, each problem with its key, what was expected,
what was found and, for a misspelt key, the nearest valid one.
"""

import difflib
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from generator.errors import BollardsError

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SiteSettings(_Section):
    """What the site says of itself."""

    title: str = Field(default="Bollards", min_length=1)
    description: str = "Roadside bollards by their looks, and the countries where they stand."
    base_url: str = ""
    language: str = Field(default="en", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    author: str = ""

    @field_validator("base_url")
    @classmethod
    def _absolute_with_slash(cls, value: str) -> str:
        if value and not re.match(r"^https?://[^\s/?#]+(/[^\s?#]*)?$", value):
            raise ValueError('an address like "https://example.org/bollards/", or "" if unknown')
        return value if not value or value.endswith("/") else value + "/"


class PhotoSettings(_Section):
    """How the photos are read, and what is said of those that say nothing themselves."""

    bollard_pattern: str = r"(?P<bollard>.*\d)[a-z]"
    credit: str = ""
    licence: str = ""
    max_megapixels: int = Field(default=120, ge=1, le=2000)

    @field_validator("bollard_pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            groups = re.compile(value).groupindex
        except re.error as error:
            raise ValueError(f"a regular expression ({error})") from None
        if value and "bollard" not in groups:
            raise ValueError('a regular expression with a group (?P<bollard>...), or ""')
        return value


class IsolateSettings(_Section):
    """Which part of a photo shows the bollard."""

    crop: Literal["given", "whole"] = "given"


class EmbedSettings(_Section):
    """What turns pictures into vectors."""

    embedder: Literal["builtin", "imgbeddings", "onnx"] = "builtin"
    model: str = ""
    pooling: Literal["auto", "projected", "cls", "mean"] = "auto"


class GroupSettings(_Section):
    """How bollards become types."""

    method: Literal["hdbscan", "kmeans"] = "hdbscan"
    views: Literal["average", "vote"] = "average"
    min_bollards: int = Field(default=2, ge=2, le=1000)
    types: int = Field(default=0, ge=0, le=5000)


class RelateSettings(_Section):
    """Neighbours and look-alikes."""

    neighbours: int = Field(default=12, ge=12, le=100)
    lookalikes: int = Field(default=6, ge=0, le=50)
    duplicates: float = Field(default=0.995, ge=0.5, le=1.0)


class PictureSettings(_Section):
    """The sizes in which photos are published."""

    widths: tuple[Annotated[int, Field(ge=64, le=4096)], ...] = (240, 480, 960)
    format: Literal["webp", "avif", "jpeg"] = "webp"
    quality: int = Field(default=78, ge=30, le=100)

    @field_validator("widths", mode="before")
    @classmethod
    def _sorted(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple) or not value:
            raise ValueError("a list of widths in pixels, such as [240, 480, 960]")
        return tuple(sorted(set(value))) if all(isinstance(v, int) for v in value) else tuple(value)


class PrivacySettings(_Section):
    """What private metadata may be published."""

    location: bool = False
    """Publish latitude and longitude from photos.csv (never those inside a photo)."""


class ThemeSettings(_Section):
    """The site's own colours."""

    accent: Colour = "#b3261e"
    accent_dark: Colour = "#ff8a7a"


class Settings(_Section):
    """All of site.toml."""

    site: SiteSettings = SiteSettings()
    photos: PhotoSettings = PhotoSettings()
    isolate: IsolateSettings = IsolateSettings()
    embed: EmbedSettings = EmbedSettings()
    group: GroupSettings = GroupSettings()
    relate: RelateSettings = RelateSettings()
    pictures: PictureSettings = PictureSettings()
    privacy: PrivacySettings = PrivacySettings()
    theme: ThemeSettings = ThemeSettings()


def load_settings(path: Path) -> Settings:
    """Read and validate a site.toml.

    Raises:
        BollardsError: the file is missing, is not TOML, or has wrong keys or values (all listed).
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BollardsError(
            f"{path}: there is no site.toml here.\n"
            f"  `bollards init {path.parent}` makes a new site project in that folder."
        ) from None
    except UnicodeDecodeError as error:
        raise BollardsError(
            f"{path}: byte {error.start} is not UTF-8. Save the file as UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise BollardsError(f"{path}: not valid TOML: {error}.") from None
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        lines = [_explain(detail, data) for detail in error.errors()]
        count = "1 problem" if len(lines) == 1 else f"{len(lines)} problems"
        raise BollardsError(
            f"{path}: {count}.\n" + "\n".join(f"  {line}" for line in lines)
        ) from None


def _explain(detail: ErrorDetails, data: dict[str, Any]) -> str:
    """One line for one problem: key, what was expected, what was found, the nearest valid name."""
    location = [str(part) for part in detail["loc"]]
    key = ".".join(location)
    if detail["type"] == "extra_forbidden":
        return f"{key}: no such key.{_nearest(location)}"
    context = detail.get("ctx", {})
    kind = detail["type"]
    if kind == "literal_error":
        expected = f"one of {context['expected']}".replace(" or ", ", ")
    elif kind == "value_error":
        expected = str(context["error"])
    elif kind == "string_pattern_mismatch":
        expected = {
            "language": 'a language tag such as "en" or "pt-BR"',
        }.get(location[-1], 'a colour such as "#b3261e"')
    elif kind in ("model_type", "dict_type"):
        expected = f"a table: [{key}]"
    else:
        expected = re.sub(r"^Input should be (a valid )?", "", detail["msg"])
    found = detail["input"]
    nearest = ""
    if kind == "literal_error" and isinstance(found, str):
        nearest = _did_you_mean(found, re.findall(r"'([^']+)'", context["expected"]), '"')
    return f"{key}: expected {expected}; found {found!r}.{nearest}"


def _nearest(location: list[str]) -> str:
    """Suggest a valid key for a misspelt or misplaced one."""
    model: type[BaseModel] = Settings
    for part in location[:-1]:
        annotation = model.model_fields[part].annotation
        assert isinstance(annotation, type) and issubclass(annotation, BaseModel)
        model = annotation
    wrong = location[-1]
    own = _did_you_mean(wrong, list(model.model_fields))
    if own:
        return own
    for section, info in Settings.model_fields.items():
        annotation = info.annotation
        assert isinstance(annotation, type) and issubclass(annotation, BaseModel)
        if wrong in annotation.model_fields:
            return f" It belongs under [{section}]."
    return f" Valid here: {', '.join(model.model_fields)}."


def _did_you_mean(wrong: str, valid: list[str], quote: str = "") -> str:
    match = difflib.get_close_matches(wrong, valid, n=1, cutoff=0.5)
    return f" Did you mean {quote}{match[0]}{quote}?" if match else ""
