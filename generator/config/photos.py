"""The sections about the steps of a build, from a photo to its types and neighbours."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from generator import plugins
from generator.config.section import Section, installed, listed, server

# Detectors compare each box with each prompt.
_MOST_PROMPTS = 50


class PhotoSettings(Section):
    """Where photos come from, how they are read, and their default credit and licence."""

    from_: str = Field(default="", alias="from")
    endpoint: str = ""
    bollard_pattern: str = r"(?P<bollard>.*\d)[a-z]"
    credit: str = ""
    licence: str = ""
    max_megapixels: int = Field(default=120, ge=1, le=2000)
    max_megabytes: int = Field(default=500, ge=1, le=100_000)
    max_seconds: int = Field(default=60, ge=1, le=3600)

    @field_validator("endpoint")
    @classmethod
    def _is_address(cls, value: str) -> str:
        return server(value)

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


class IsolateSettings(Section):
    """Which part of a photo shows the bollard."""

    crop: str = "auto"
    classes: Annotated[
        tuple[str, ...], listed('a list of names of classes, such as ["bollard", "post"]')
    ] = ()
    prompts: Annotated[
        tuple[str, ...], listed('a list of words to look for, such as ["bollard", "post"]')
    ] = ()
    several: Literal["clearest", "all"] = "clearest"

    @property
    def is_chosen(self) -> bool:
        """Whether the owner chose the crop. The default depends on the embedder."""
        return "crop" in self.model_fields_set

    @field_validator("several")
    @classmethod
    def _has_crops(cls, value: str, info: ValidationInfo) -> str:
        if value == "all" and info.data.get("crop") == "whole":
            raise ValueError('"clearest" beside crop = "whole", which crops no bollard')
        return value

    @field_validator("crop")
    @classmethod
    def _is_installed(cls, value: str) -> str:
        name, colon, _ = value.partition(":")
        installed(plugins.ISOLATORS, name)
        if colon and name in (*plugins.ISOLATORS.always, "auto", "builtin"):
            raise ValueError(f'"{name}" without a colon, as it takes no file')
        return value

    @field_validator("classes")
    @classmethod
    def _has_names(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        crop = info.data.get("crop")
        if value and crop in (*plugins.ISOLATORS.always, "auto", "builtin"):
            raise ValueError(f'[] beside crop = "{crop}", whose boxes have no names')
        return value

    @field_validator("prompts")
    @classmethod
    def _takes_words(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        crop = info.data.get("crop")
        name = str(crop).partition(":")[0]
        if value and name in (*plugins.ISOLATORS.always, "auto", "builtin", "yolo"):
            raise ValueError(f'[] beside crop = "{crop}", which takes no words')
        if len(value) > _MOST_PROMPTS or any(not one.strip() for one in value):
            raise ValueError(f"at most {_MOST_PROMPTS} prompts, none of them empty")
        return value


class EmbedSettings(Section):
    """Which embedders turn pictures into vectors.

    `embedder` names one embedder, or several whose vectors are joined. "NAME:MODEL" gives the
    model of one of several.
    """

    embedder: str | tuple[str, ...] = "builtin"
    weights: Annotated[
        tuple[Annotated[float, Field(gt=0, le=1000)], ...],
        listed("a list of numbers, one for each embedder, such as [1, 0.5]"),
    ] = ()
    model: str = ""
    pooling: Literal["auto", "projected", "cls", "mean"] = "auto"
    mask: str = "none"

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
    def _areinstalled(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for one in (value,) if isinstance(value, str) else value:
            installed(plugins.EMBEDDERS, one.partition(":")[0])
        if not isinstance(value, str) and len(set(value)) < len(value):
            raise ValueError("each embedder once")
        return value

    @field_validator("mask")
    @classmethod
    def _can_segment(cls, value: str) -> str:
        installed(plugins.SEGMENTERS, value.partition(":")[0])
        return value

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


class DescribeSettings(Section):
    """Which describer `bollards describe` uses, where it is, and what a run may cost."""

    with_: str = Field(default="builtin", alias="with")
    endpoint: str = ""
    budget: float = Field(default=0.0, ge=0, le=10_000)

    @field_validator("with_")
    @classmethod
    def _is_installed(cls, value: str) -> str:
        return installed(plugins.DESCRIBERS, value)


class GroupSettings(Section):
    """How bollards become types."""

    method: Literal["linkage", "hdbscan", "kmeans"] = "linkage"
    views: Literal["average", "vote"] = "average"
    min_bollards: int = Field(default=2, ge=2, le=1000)
    types: int = Field(default=0, ge=0, le=5000)
    new: Literal["join", "propose", "recluster"] = "join"


class RelateSettings(Section):
    """Neighbours and look-alikes."""

    neighbours: int = Field(default=12, ge=12, le=100)
    lookalikes: int = Field(default=6, ge=0, le=50)
    duplicates: float = Field(default=0.995, ge=0.5, le=1.0)
    index: str = "exact"

    @field_validator("index")
    @classmethod
    def _is_installed(cls, value: str) -> str:
        return installed(plugins.INDEXES, value)


class PictureSettings(Section):
    """The sizes in which photos are published, and where."""

    widths: Annotated[
        tuple[Annotated[int, Field(ge=64, le=4096)], ...],
        listed("a list of widths in pixels, such as [240, 320, 960]", least=1),
    ] = (240, 320, 960)
    format: Literal["webp", "avif", "jpeg"] = "webp"
    quality: int = Field(default=74, ge=30, le=100)
    base_url: str = ""
    """The address below which `pictures/` is, with a slash at its end; "" is beside the pages."""

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        # It becomes part of a header, of attributes and of `srcset`, whose parts commas end.
        host = r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?|http://(localhost|127\.0\.0\.1)"
        if value and not re.fullmatch(
            rf"({host})(:[1-9]\d{{0,4}})?(/(?!\.)[\w.~-]+)*/?", value, re.A
        ):
            raise ValueError(
                'an address such as "https://pictures.example.org/", in lower case up to the first'
                ' slash, or "" beside the pages'
            )
        return value if not value or value.endswith("/") else value + "/"

    @field_validator("widths")
    @classmethod
    def _sorted(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(set(value)))
