"""The command `bollards find`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.commands.parameters import FILE, json_option, site_option
from generator.errors import on_line, printable
from generator.project import Project

if TYPE_CHECKING:
    from generator.find.search import Hit, Results


@click.command(short_help="Find photos of the collection by words, pictures, place and time.")
@click.argument("words", metavar="[WORDS...]", nargs=-1)
@site_option
@click.option(
    "--like",
    multiple=True,
    metavar="[WEIGHT:]PICTURE",
    help="A file or address of a picture that they resemble; may be repeated.",
)
@click.option(
    "--unlike",
    multiple=True,
    metavar="[WEIGHT:]PICTURE",
    help="A file or address of a picture that they do not resemble; may be repeated.",
)
@click.option(
    "--not", "without", multiple=True, metavar="WORDS", help="What they do not show; repeatable."
)
@click.option("--country", multiple=True, metavar="NAME", help="Only this country; repeatable.")
@click.option("--region", multiple=True, metavar="NAME", help="Only this region; repeatable.")
@click.option(
    "--type",
    "types",
    multiple=True,
    metavar="TYPE",
    help="Only this type, by id or name, or unsorted; repeatable.",
)
@click.option("--taken", metavar="DATES", help="Only from these dates, such as 2020..2023.")
@click.option("--near", metavar="LAT,LON,KM", help="Only within so many km of a position.")
@click.option("--top", default=20, show_default=True, type=click.IntRange(1, 10_000), metavar="N")
@click.option("--sheet", type=FILE, metavar="HTML", help="Write a page with the pictures.")
@click.option(
    "--private-hosts", is_flag=True, help="Allow addresses of this machine and its network."
)
@json_option
def find(
    words: tuple[str, ...],
    site: Path,
    like: tuple[str, ...],
    unlike: tuple[str, ...],
    without: tuple[str, ...],
    country: tuple[str, ...],
    region: tuple[str, ...],
    types: tuple[str, ...],
    taken: str | None,
    near: str | None,
    top: int,
    sheet: Path | None,
    private_hosts: bool,
    as_json: bool,
) -> None:
    """Find the photos of the collection that fit words, pictures, place and time best.

    \b
    bollards find red and white post
    bollards find --like photo.jpg --like 0.5:https://example.org/b.jpg --not "red"
    bollards find "flat post" --country italy --taken 2020..2023 --sheet posts.html

    The site project must have been built. An embedder with a text tower, such as clip or siglip2,
    compares any words with pictures. The built-in one knows words for form, colour, pattern and
    reflector, in English, German, French and Spanish.
    """
    from dataclasses import replace

    from generator.find.fetch import FetchLimits
    from generator.find.query import Query, area, dates, picture
    from generator.find.search import built, named_filters
    from generator.find.search import find as ask

    project = Project(site)
    text = " ".join(words).strip()
    filtered = bool(country or region or types or taken or near)
    if not (text or like or unlike or without or filtered):
        raise click.UsageError("say what to find: words, --like PICTURE or a filter")
    filters = replace(
        named_filters(built(project), country, region, types),
        taken=dates(taken) if taken else None,
        near=area(near) if near else None,
    )
    query = Query(
        words=text,
        without=without,
        like=tuple(map(picture, like)),
        unlike=tuple(map(picture, unlike)),
        filters=filters,
    )
    found = ask(query, project, top, FetchLimits(private=private_hosts))
    for word in found.unknown:
        click.echo(on_line(f'"{word}" means nothing to this embedder and is left out.'), err=True)
    if as_json:
        for hit in found.hits:
            click.echo(json.dumps(_row(hit), ensure_ascii=False))
    else:
        _show(found)
    if sheet is not None:
        from generator.find.sheet import write_sheet

        write_sheet(found, project, sheet)
        click.echo(printable(f"The pictures are in {sheet}"), err=True)


def _show(found: "Results") -> None:
    if not found.hits:
        click.echo("No photo of the collection passes these filters.")
    for hit in found.hits:
        photo = hit.photo
        type_ = found.site.types.get(photo.type or "")
        what = f"{type_.name} ({type_.id})" if type_ else "unsorted"
        where = [photo.region or "", found.site.countries.get(photo.country, "")]
        parts = [f"{hit.score:6.2f}" if hit.parts else "", photo.file, what, *where]
        click.echo(on_line("  ".join(part for part in parts if part)))


def _row(hit: "Hit") -> dict[str, Any]:
    photo = hit.photo
    return {
        "photo": photo.id,
        "file": photo.file,
        "bollard": photo.bollard,
        "score": hit.score,
        "type": photo.type,
        "country": photo.country,
        "region": photo.region,
        "taken": photo.taken,
        "parts": [
            {"kind": one.kind, "of": one.of, "weight": one.weight, "value": one.value}
            for one in hit.parts
        ],
    }
