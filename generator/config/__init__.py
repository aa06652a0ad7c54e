"""site.toml as one validated value, with a default for every key.

All mistakes in a file are reported at once, each with its key, the expected and the found value
and, for a misspelt key, the nearest valid one.
"""

import shlex
from pathlib import Path
from typing import Any

from pydantic import ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from generator.config.collection import CollectionSettings
from generator.config.photos import (
    DescribeSettings,
    EmbedSettings,
    GroupSettings,
    IsolateSettings,
    PhotoSettings,
    PictureSettings,
    RelateSettings,
)
from generator.config.publishing import (
    BuildSettings,
    DeploySettings,
    PrivacySettings,
    PublishSettings,
    SecuritySettings,
)
from generator.config.section import Section
from generator.config.site import (
    LinkSettings,
    MenuLink,
    MenuSettings,
    SiteSettings,
    SiteWords,
    ThemeSettings,
)
from generator.errors import BollardsError
from generator.own_files import read_own_text
from generator.toml_files import explained, read_toml

__all__ = [
    "BuildSettings",
    "CollectionSettings",
    "DeploySettings",
    "DescribeSettings",
    "EmbedSettings",
    "GroupSettings",
    "IsolateSettings",
    "LinkSettings",
    "MenuLink",
    "MenuSettings",
    "PhotoSettings",
    "PictureSettings",
    "PrivacySettings",
    "PublishSettings",
    "RelateSettings",
    "SecuritySettings",
    "Settings",
    "SiteSettings",
    "SiteWords",
    "ThemeSettings",
    "embed_settings",
    "load_settings",
    "read_settings",
]


class Settings(Section):
    """All of site.toml."""

    site: SiteSettings = SiteSettings()
    photos: PhotoSettings = PhotoSettings()
    isolate: IsolateSettings = IsolateSettings()
    embed: EmbedSettings = EmbedSettings()
    describe: DescribeSettings = DescribeSettings()
    collection: CollectionSettings = CollectionSettings()
    group: GroupSettings = GroupSettings()
    relate: RelateSettings = RelateSettings()
    pictures: PictureSettings = PictureSettings()
    privacy: PrivacySettings = PrivacySettings()
    publish: PublishSettings = PublishSettings()
    links: LinkSettings = LinkSettings()
    security: SecuritySettings = SecuritySettings()
    menu: MenuSettings = MenuSettings()
    theme: ThemeSettings = ThemeSettings()
    build: BuildSettings = BuildSettings()
    deploy: DeploySettings = DeploySettings()

    @field_validator("photos", mode="before")
    @classmethod
    def _or_a_place(cls, value: Any) -> Any:
        """`photos = "s3://bucket/prefix"` is short for `from` under [photos]."""
        return {"from": value} if isinstance(value, str) else value

    @field_validator("collection")
    @classmethod
    def _can_be_seen(cls, value: CollectionSettings, info: ValidationInfo) -> CollectionSettings:
        """The built-in models know bollards alone."""
        embed, isolate = info.data.get("embed"), info.data.get("isolate")
        if not value.is_another or embed is None or isolate is None:
            return value
        if "builtin" in [name for name, _ in embed.members]:
            raise PydanticCustomError(
                "hinted",
                "{expected}",
                {
                    "at": ("embed", "embedder"),
                    "found": embed.embedder,
                    "expected": "an embedder that knows other things than bollards, such as"
                    ' "dinov2", because [collection] says that the photos show other things',
                    "hint": ' The embedder "builtin" is trained on bollards.',
                },
            )
        if isolate.is_chosen and isolate.crop in ("auto", "builtin"):
            raise PydanticCustomError(
                "hinted",
                "{expected}",
                {
                    "at": ("isolate", "crop"),
                    "found": isolate.crop,
                    "expected": '"given" or "whole", because [collection] says that the photos'
                    " show other things",
                    "hint": f' "{isolate.crop}" looks for bollards.',
                },
            )
        return value


def embed_settings(
    embedder: str, weights: str = "", model: str = "", mask: str = "none"
) -> EmbedSettings:
    """The same section from command-line options: "A+B" names several embedders.

    Raises:
        BollardsError: the options contradict each other.
    """
    names = embedder.split("+")
    try:
        return EmbedSettings.model_validate(
            {
                "embedder": names[0] if len(names) == 1 else names,
                "weights": [float(one) for one in weights.split(",") if one.strip()],
                "model": model,
                "mask": mask,
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
    settings, mistakes = read_settings(path)
    if mistakes:
        raise BollardsError(mistakes)
    return settings


def read_settings(path: Path) -> tuple[Settings, str]:
    """The settings without their mistakes, and a message that lists these with their lines, or "".

    Raises:
        BollardsError: the file is missing, or is not TOML.
    """
    try:
        data = read_toml(path)
    except FileNotFoundError:
        raise BollardsError(_missing(path)) from None
    try:
        return Settings.model_validate(data), ""
    except ValidationError as error:
        lines = explained(error, Settings, read_own_text(path))
        count = "1 problem" if len(lines) == 1 else f"{len(lines)} problems"
        mistakes = f"{path}: {count}.\n" + "\n".join(f"  {line}" for line in lines)
        try:
            return Settings.model_validate(_without(data, error)), mistakes
        except ValidationError:
            return Settings(), mistakes


def _without(data: dict[str, Any], error: ValidationError) -> dict[str, Any]:
    """The same tables without the keys that have a mistake."""
    kept = {name: dict(table) if isinstance(table, dict) else table for name, table in data.items()}
    for detail in error.errors():
        first, *rest = (str(part) for part in detail["loc"])
        table = kept.get(first)
        if rest and isinstance(table, dict):
            table.pop(rest[0], None)
        else:
            kept.pop(first, None)
    return kept


def _missing(path: Path) -> str:
    """There is no site.toml: perhaps in a folder below or above?"""
    root = path.parent
    below = sorted(found.parent for found in root.glob(f"*/{path.name}"))
    above = [folder for folder in root.resolve().parents if (folder / path.name).is_file()]
    said = f"{path}: there is no site.toml here.\n"
    if len(below) == 1 or above:
        where = below[0] if below else above[0]
        said += f"  There is one in {where}. Name that folder: {shlex.quote(str(where))}\n"
    return (
        f"{said}  `bollards init {shlex.quote(str(root))}` makes a new site project in that folder."
    )
