"""site.toml as one validated value, with a default for every key.

All mistakes in a file are reported at once, each with its key, the expected and the found value
and, for a misspelt key, the nearest valid one.
"""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from generator import plugins
from generator.errors import BollardsError
from generator.toml_files import explained, read_toml

LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _installed(seam: plugins.Seam, name: str) -> str:
    """The name itself, if an installed package provides it."""
    try:
        if name not in seam.always:
            plugins.entry_point(seam, name)
    except plugins.UnknownNameError as error:
        raise PydanticCustomError(
            "not_installed", "{expected}", {"expected": error.expected, "hint": error.hint}
        ) from None
    return name


class SiteWords(_Section):
    """The site's title and texts in another language; "" keeps those of the root's language."""

    title: str = ""
    description: str = ""


class SiteSettings(_Section):
    """The site's own title, texts and languages."""

    title: str = Field(default="Bollards", min_length=1)
    description: str = "Roadside bollards by their looks, and the countries where they stand."
    base_url: str = ""
    language: LanguageTag = "en"
    languages: tuple[LanguageTag, ...] = ()
    translations: Mapping[str, SiteWords] = {}
    author: str = ""

    @field_validator("base_url")
    @classmethod
    def _absolute_with_slash(cls, value: str) -> str:
        if value and not re.match(r"^https?://[^\s/?#]+(/[^\s?#]*)?$", value):
            raise ValueError('an address like "https://example.org/bollards/", or "" if unknown')
        return value if not value or value.endswith("/") else value + "/"

    @field_validator("languages", mode="before")
    @classmethod
    def _is_list(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise ValueError('a list of language tags, such as ["de", "fr"]')
        return tuple(value)

    @field_validator("languages")
    @classmethod
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len({tag.lower() for tag in value}) < len(value):
            raise ValueError("each language once")
        return value


class PhotoSettings(_Section):
    """How photos are read, and their default credit and licence."""

    bollard_pattern: str = r"(?P<bollard>.*\d)[a-z]"
    credit: str = ""
    licence: str = ""
    max_megapixels: int = Field(default=120, ge=1, le=2000)
    max_megabytes: int = Field(default=500, ge=1, le=100_000)
    max_seconds: int = Field(default=60, ge=1, le=3600)

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

    crop: str = "given"

    @field_validator("crop")
    @classmethod
    def _is_installed(cls, value: str) -> str:
        return _installed(plugins.ISOLATORS, value)


class EmbedSettings(_Section):
    """Which embedders turn pictures into vectors.

    `embedder` names one embedder, or several whose vectors are joined. "NAME:MODEL" gives the
    model of one of several.
    """

    embedder: str | tuple[str, ...] = "builtin"
    weights: tuple[Annotated[float, Field(gt=0, le=1000)], ...] = ()
    model: str = ""
    pooling: Literal["auto", "projected", "cls", "mean"] = "auto"

    @property
    def members(self) -> tuple[tuple[str, str], ...]:
        """The name and the model of each embedder, one or several."""
        if isinstance(self.embedder, str):
            name, colon, model = self.embedder.partition(":")
            return ((name, model if colon else self.model),)
        split = (one.partition(":") for one in self.embedder)
        return tuple((name, model) for name, _, model in split)

    @field_validator("embedder", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        if isinstance(value, str):
            return value
        if not isinstance(value, list | tuple) or not value:
            raise ValueError('a name such as "builtin", or a list such as ["builtin", "dinov2"]')
        return tuple(value)

    @field_validator("embedder")
    @classmethod
    def _are_installed(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for one in (value,) if isinstance(value, str) else value:
            _installed(plugins.EMBEDDERS, one.partition(":")[0])
        if not isinstance(value, str) and len(set(value)) < len(value):
            raise ValueError("each embedder once")
        return value

    @field_validator("weights", mode="before")
    @classmethod
    def _is_list(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise ValueError("a list of numbers, one for each embedder, such as [1, 0.5]")
        return tuple(value)

    @field_validator("weights")
    @classmethod
    def _one_each(cls, value: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        embedder = info.data.get("embedder")
        if value and embedder is not None:
            count = 1 if isinstance(embedder, str) else len(embedder)
            if len(value) != count:
                raise ValueError(f"one number for each embedder, {count} here, or none")
        return value

    @field_validator("model")
    @classmethod
    def _of_one(cls, value: str, info: ValidationInfo) -> str:
        embedder = info.data.get("embedder", "")
        if value and not isinstance(embedder, str):
            raise ValueError(
                '"" beside several embedders; write the model of one of them behind its name, such'
                ' as "onnx:models/mine"'
            )
        if value and ":" in embedder:
            raise ValueError('"" beside an embedder that names its model, such as "clip:vit-l-14"')
        return value


class DescribeSettings(_Section):
    """Which describer `bollards describe` uses."""

    with_: str = Field(default="builtin", alias="with")

    @field_validator("with_")
    @classmethod
    def _is_installed(cls, value: str) -> str:
        return _installed(plugins.DESCRIBERS, value)


class GroupSettings(_Section):
    """How bollards become types."""

    method: Literal["linkage", "hdbscan", "kmeans"] = "linkage"
    views: Literal["average", "vote"] = "average"
    min_bollards: int = Field(default=2, ge=2, le=1000)
    types: int = Field(default=0, ge=0, le=5000)
    new: Literal["join", "propose", "recluster"] = "join"


class RelateSettings(_Section):
    """Neighbours and look-alikes."""

    neighbours: int = Field(default=12, ge=12, le=100)
    lookalikes: int = Field(default=6, ge=0, le=50)
    duplicates: float = Field(default=0.995, ge=0.5, le=1.0)


class PictureSettings(_Section):
    """The sizes in which photos are published."""

    widths: tuple[Annotated[int, Field(ge=64, le=4096)], ...] = (240, 400, 960)
    format: Literal["webp", "avif", "jpeg"] = "webp"
    quality: int = Field(default=74, ge=30, le=100)

    @field_validator("widths", mode="before")
    @classmethod
    def _is_list(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple) or not value:
            raise ValueError("a list of widths in pixels, such as [240, 400, 960]")
        return tuple(value)

    @field_validator("widths")
    @classmethod
    def _sorted(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(set(value)))


class PrivacySettings(_Section):
    """What private metadata may be published."""

    location: bool = False
    """Publish latitude and longitude from photos.csv (never those inside a photo)."""
    taken: Literal["day", "month", "year", "none"] = "day"
    """The precision of published dates of photos."""
    file_names: bool = True
    """Publish the names of original files; otherwise data names photos by their ids."""
    salt: str = ""
    """Part of photo ids, so that they do not reveal which files they were made from."""


class SecuritySettings(_Section):
    """Other websites that pages may use; without any, they use only the site's own files."""

    scripts: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()

    @field_validator("scripts", "pictures", "connections", mode="before")
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


class BuildSettings(_Section):
    """The limits of a build."""

    memory: int = Field(default=0, ge=0, le=1_000_000)
    """Megabytes for decoded photos; 0 takes a quarter of what is free, 512 at most."""


class DeploySettings(_Section):
    """Where the finished site is published."""

    to: str = ""
    endpoint: str = ""

    @field_validator("endpoint")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not re.match(r"^https?://[^\s/?#]+", value):
            raise ValueError('an address like "https://s3.example.org", or "" for Amazon S3')
        return value


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
    describe: DescribeSettings = DescribeSettings()
    group: GroupSettings = GroupSettings()
    relate: RelateSettings = RelateSettings()
    pictures: PictureSettings = PictureSettings()
    privacy: PrivacySettings = PrivacySettings()
    security: SecuritySettings = SecuritySettings()
    theme: ThemeSettings = ThemeSettings()
    build: BuildSettings = BuildSettings()
    deploy: DeploySettings = DeploySettings()


def embed_settings(embedder: str, weights: str, model: str) -> EmbedSettings:
    """The same section from words of the command line: "A+B" names several embedders.

    Raises:
        BollardsError: they do not fit each other.
    """
    names = embedder.split("+")
    try:
        return EmbedSettings.model_validate(
            {
                "embedder": names[0] if len(names) == 1 else names,
                "weights": [float(one) for one in weights.split(",") if one.strip()],
                "model": model,
            }
        )
    except ValidationError as error:
        raise BollardsError("\n".join(explained(error, EmbedSettings))) from None
    except ValueError:
        raise BollardsError(
            f'--weights: expected numbers such as "1,0.5"; found "{weights}".'
        ) from None


def load_settings(path: Path) -> Settings:
    """Read and validate a site.toml.

    Raises:
        BollardsError: the file is missing, is not TOML, or has wrong keys or values (all listed).
    """
    try:
        data = read_toml(path)
    except FileNotFoundError:
        raise BollardsError(
            f"{path}: there is no site.toml here.\n"
            f"  `bollards init {shlex.quote(str(path.parent))}` makes a new site project in that"
            " folder."
        ) from None
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        lines = explained(error, Settings)
        count = "1 problem" if len(lines) == 1 else f"{len(lines)} problems"
        raise BollardsError(
            f"{path}: {count}.\n" + "\n".join(f"  {line}" for line in lines)
        ) from None
