"""The commands that look at photos: identify, compare, pairs, describe."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator import plugins
from generator.commands.parameters import FILE, Installed, directory, json_option, site_option
from generator.errors import EXIT_FAILED, BollardsError, on_line, printable
from generator.progress import Progress
from generator.project import Project

if TYPE_CHECKING:
    from generator.identify.lookup import Identification, Index


@click.command(short_help="Find the types and countries of new photos.")
@click.argument("photos", metavar="PHOTO...", nargs=-1, required=True, type=FILE)
@site_option
@click.option("--same", is_flag=True, help="All photos show one bollard: give one answer.")
@json_option
def identify(photos: tuple[Path, ...], site: Path, same: bool, as_json: bool) -> None:
    """Find the types and countries of photos that are not in the collection.

    The site project must have been built. A photo that cannot be opened is reported. The others are
    still identified, and the exit code is 1.
    """
    from generator.identify.lookup import identify as ask
    from generator.identify.lookup import load_index
    from generator.identify.views import view_photo

    index = load_index(Project(site))
    views = []
    for path in photos:
        try:
            views.append(view_photo(path, index.viewer))
        except BollardsError as error:
            click.echo(printable(str(error)), err=True)
            continue
        if not same:
            _show(ask(views[-1:], index), index, as_json)
    if same and views:
        _show(ask(views, index), index, as_json)
    if len(views) < len(photos):
        sys.exit(EXIT_FAILED)


def _show(answer: "Identification", index: "Index", as_json: bool) -> None:
    from generator.identify.said import answer_lines

    if as_json:
        click.echo(answer.to_json())
        return
    for view in answer.views:
        click.echo(on_line(view.file))
    for line in answer_lines(answer, index):
        click.echo(on_line(f"  {line}"))
    if answer.doubt:
        return
    click.echo("  Types:")
    for score in answer.types[:5]:
        click.echo(f"    {index.type_names[score.key]} ({score.key})")
    files = dict(zip(index.ids, index.files, strict=True))
    nearest = ", ".join(
        f"{files[n.photo]} ({index.calibration(n.score):.0%})" for n in answer.neighbours[:3]
    )
    click.echo(on_line(f"  Nearest photos, and how likely each shows the same type: {nearest}"))


@click.command(short_help="Tell how likely two photos show one type.")
@click.argument("a", type=FILE)
@click.argument("b", type=FILE)
@site_option
@json_option
def compare(a: Path, b: Path, site: Path, as_json: bool) -> None:
    """Tell how likely the bollards in photos A and B are of one type, by appearance.

    Uses the embedder of the site project if there is one, else the built-in one.
    """
    from generator.identify.lookup import compare as ask

    answer = ask(a, b, Project(site))
    click.echo(answer.to_json() if as_json else printable("\n".join(answer.lines())))


@click.command(short_help="List the most similar pairs of photos in DIR.")
@directory
@click.option("--top", default=20, show_default=True, type=click.IntRange(1), metavar="N")
@json_option
def pairs(directory: Path, top: int, as_json: bool) -> None:
    """List the most similar pairs of photos in DIR, a site project or any folder of photos."""
    import json

    from generator.identify.lookup import pairs as ask

    found, problems, curve = ask(Project(directory), top, Progress())
    for problem in problems:
        click.echo(on_line(f"{problem.file}: {problem.reason}"), err=True)
    for pair in found:
        if as_json:
            row = {"a": pair.a, "b": pair.b, "score": pair.score}
            click.echo(json.dumps(row, ensure_ascii=False))
        elif curve.slope:
            click.echo(on_line(f"{curve(pair.score):4.0%}  {pair.a}  {pair.b}"))
        else:
            click.echo(on_line(f"{pair.score:.2f}  {pair.a}  {pair.b}"))


@click.command(short_help="Describe photos in words.")
@click.argument("photos", metavar="[PHOTO...]", nargs=-1, type=FILE)
@site_option
@click.option(
    "--with",
    "describer",
    type=Installed(plugins.DESCRIBERS),
    help="The describer. [default: from site.toml, else builtin]",
)
@click.option(
    "--budget",
    type=click.FloatRange(0, 10_000),
    metavar="DOLLARS",
    help="What this run may cost. [default: from site.toml, else 0]",
)
@click.option("--dry-run", is_flag=True, help="Say how many photos and the cost; send nothing.")
@json_option
def describe(
    photos: tuple[Path, ...],
    site: Path,
    describer: str | None,
    budget: float | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Describe photos in words: a caption, and labels with their confidence.

    Without PHOTO, all published photos of the site project are described. Answers of services are
    kept by the photos' contents, so that no photo is paid for twice, and `bollards find` searches
    them. Nothing is published. A photo that cannot be described is reported; the others still are,
    and the exit code is 1.
    """
    from generator.describe.photos import planned

    run = planned(photos, Project(site), describer, budget)
    if dry_run:
        click.echo(printable("\n".join(run.lines())))
        return
    failed = False
    for answer in run.answers():
        if isinstance(answer, BollardsError):
            click.echo(printable(str(answer)), err=True)
            failed = True
        else:
            click.echo(answer.to_json() if as_json else printable("\n".join(answer.lines())))
    if failed:
        sys.exit(EXIT_FAILED)
