"""The command `bollards`, thin: parse, call, print.

Exit codes: 0 all went well; 1 something has to be put right first (the message says what);
2 the command line was wrong; 130 interrupted by Ctrl-C.
"""

import io
import os
import sys
from pathlib import Path
from typing import Any

import click

from generator import __version__, plugins
from generator.errors import EXIT_FAILED, EXIT_INTERRUPTED, BollardsError, printable
from generator.progress import Progress
from generator.project import Project

_EPILOG = (
    "Exit codes: 0 all went well; 1 something has to be put right first (the message says what);"
    " 2 the command line was wrong; 130 interrupted."
)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(path_type=Path)


class _Installed(click.ParamType[str]):
    """The name of an installed embedder, isolator or describer."""

    def __init__(self, seam: plugins.Seam) -> None:
        self.name = "name"
        self._seam = seam

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            for one in value.split("+"):
                name = one.partition(":")[0]
                if name not in self._seam.always:
                    plugins.entry_point(self._seam, name)
        except plugins.UnknownNameError as error:
            self.fail(str(error), param, ctx)
        return value


directory = click.argument("directory", metavar="[DIR]", default=".", type=_FOLDER)
site_option = click.option(
    "--site",
    default=".",
    type=_FOLDER,
    metavar="DIR",
    help="The site project to compare with. [default: the current folder]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print errors only.")


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EPILOG,
)
@click.version_option(__version__, prog_name="bollards")
def cli() -> None:
    """Make a static site of roadside bollards from a folder of photos.

    Photos of similar bollards are grouped into types; every type shows its countries.

    \b
    bollards init my-site       a new site project, ready to build
    bollards serve my-site      build it, look at it, see changes at once
    bollards build my-site      build it into my-site/public/, for any static host
    """


@cli.command()
@click.argument("directory", metavar="DIR", type=_FOLDER)
@click.option("--empty", is_flag=True, help="Leave out the drawn example photos.")
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab"]),
    help="Add a workflow that builds and deploys on each push; also to an existing project.",
)
def init(directory: Path, empty: bool, ci: str | None) -> None:
    """Make a new site project in DIR, ready to build."""
    from generator.starter import start_project

    for line in start_project(directory, with_examples=not empty, ci=ci or ""):
        click.echo(line)


@cli.command(short_help="Build the site of DIR into DIR/public/.")
@directory
@click.option("--force", is_flag=True, help="Build even when nothing has changed.")
@click.option("--dry-run", is_flag=True, help="Tell what would change; publish nothing.")
@click.option("--strict", is_flag=True, help="Fail if a published address would change.")
@quiet_option
def build(directory: Path, force: bool, dry_run: bool, strict: bool, quiet: bool) -> None:
    """Build the site of DIR into DIR/public/.

    Only new and changed photos cost time. The new site replaces the old one in one step; if
    anything fails, the old one stays as it is.

    At the end it prints what changed and what needs your attention. .bollards/report.html shows the
    same with pictures, and .bollards/report.json is for programs. A dry run writes neither report,
    nor public/, nor the ledger, but caches its results for new photos.
    """
    from generator.build import build as run

    report = run(
        Project(directory), Progress(quiet=quiet), force=force, dry_run=dry_run, strict=strict
    )
    if not quiet:
        click.echo("\n".join(report.lines()))


@cli.command(short_help="Build the site of DIR, show it, follow changes.")
@directory
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--open", "open_browser", is_flag=True, help="Open the site in a browser.")
def serve(directory: Path, port: int, open_browser: bool) -> None:
    """Build the site of DIR, serve it on localhost, rebuild and reload when something changes."""
    from generator.serve import serve as run

    run(Project(directory), port=port, open_browser=open_browser)


@cli.command(short_help="Name, merge, split and sort the types of DIR.")
@directory
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535))
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser.")
def review(directory: Path, port: int, open_browser: bool) -> None:
    """Open the page on which you name, merge, split and sort the types of DIR.

    Only this machine can reach it. It saves every decision at once to DIR/curation.toml, which you
    can also edit by hand, even meanwhile. The site itself changes with the next build.
    """
    from generator.review.server import review as run

    run(Project(directory), port=port, open_browser=open_browser)


@cli.command(short_help="Bring the built site to its host.")
@directory
@click.option("--to", default="", metavar="TARGET", help="Where to. [default: site.toml says]")
@click.option("--endpoint", default="", metavar="URL", help="The server of an s3:// bucket.")
@click.option("--dry-run", is_flag=True, help="List what would be sent and removed; send nothing.")
@quiet_option
def deploy(directory: Path, to: str, endpoint: str, dry_run: bool, quiet: bool) -> None:
    """Publish the built site of DIR on a host.

    Only changed files are sent, pages after their pictures, and old files are removed last. The
    next deploy continues an interrupted one.

    \b
    TARGET is one of
      a folder                  /srv/www/bollards
      a host, through rsync     host:path, user@host:path, rsync://host/module/path
      a branch, through git     pages, pages:REMOTE, pages:REMOTE#BRANCH
      an S3-compatible bucket   s3://BUCKET, s3://BUCKET/PREFIX
    """
    from generator.deploy import deploy as run

    lines, warnings = run(
        Project(directory), to, Progress(quiet=quiet), endpoint=endpoint, dry_run=dry_run
    )
    for warning in warnings:
        click.echo(printable(f"Please note: {warning}"), err=True)
    if not quiet:
        click.echo(printable("\n".join(lines)))


@cli.command(short_help="Tell what new photos show, and where they stand.")
@click.argument("photos", metavar="PHOTO...", nargs=-1, required=True, type=_FILE)
@site_option
@json_option
def identify(photos: tuple[Path, ...], site: Path, as_json: bool) -> None:
    """Find the types and countries of photos that are not in the collection.

    The site project must have been built. A photo that cannot be opened is reported, the others
    are still identified, and the exit code is 1.
    """
    from generator.identify.lookup import doubt_about, load_index
    from generator.identify.lookup import identify as ask

    index = load_index(Project(site))
    failed = False
    for path in photos:
        try:
            sight = index.eyes.see(path)
            vector = index.eyes.vector(path, sight.crop)
        except BollardsError as error:
            click.echo(printable(str(error)), err=True)
            failed = True
            continue
        answer = ask(str(path), vector, index, sight.boxes)
        if as_json:
            click.echo(answer.to_json())
            continue
        click.echo(printable(str(path)))
        if doubt := doubt_about(sight.crop, answer, index):
            click.echo(f"  {doubt}")
        for title, scores, names in (
            ("Types, by probability", answer.types, index.type_names),
            ("Countries, likewise", answer.countries, index.country_names),
        ):
            click.echo(f"  {title}:")
            for score in scores[:5]:
                click.echo(f"    {score.score:4.0%}  {names[score.key]} ({score.key})")
        files = dict(zip(index.ids, index.files, strict=True))
        nearest = ", ".join(f"{files[n.photo]} ({n.score:.2f})" for n in answer.neighbours[:3])
        click.echo(printable(f"  Nearest photos, by likeness (1.00: the same): {nearest}"))
    if failed:
        sys.exit(EXIT_FAILED)


@cli.command(short_help="Tell how alike the bollards in two photos look.")
@click.argument("a", type=_FILE)
@click.argument("b", type=_FILE)
@site_option
@json_option
def compare(a: Path, b: Path, site: Path, as_json: bool) -> None:
    """Measure how similar the bollards in photos A and B look, from -100 to 100 %.

    Uses the embedder of the site project if there is one, else the built-in one.
    """
    from generator.identify.lookup import compare as ask

    answer = ask(a, b, Project(site))
    click.echo(answer.to_json() if as_json else printable("\n".join(answer.lines())))


@cli.command(short_help="List the most similar pairs of photos in DIR.")
@directory
@click.option("--top", default=20, show_default=True, type=click.IntRange(1), metavar="N")
@json_option
def pairs(directory: Path, top: int, as_json: bool) -> None:
    """List the most similar pairs of photos in DIR: a site project or any folder of photos."""
    import json

    from generator.identify.lookup import pairs as ask

    found, problems = ask(Project(directory), top, Progress())
    for problem in problems:
        click.echo(printable(f"{problem.file}: {problem.reason}"), err=True)
    for pair in found:
        if as_json:
            row = {"a": pair.a, "b": pair.b, "score": pair.score}
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            click.echo(printable(f"{pair.score:7.2%}  {pair.a}  {pair.b}"))


@cli.command(short_help="List, fetch or remove the models of encoders.")
@click.argument(
    "action", metavar="[ACTION]", default="list", type=click.Choice(["list", "fetch", "remove"])
)
@click.argument("names", metavar="[NAME...]", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def models(action: str, names: tuple[str, ...], as_json: bool) -> None:
    """List, fetch or remove the models that `embedder` in site.toml knows by name.

    ACTION is list (the default), fetch or remove. NAME is an encoder such as dinov2, or one of its
    models such as clip:vit-l-14. Models come from the Hugging Face hub, once; after that no network
    is needed.
    """
    from generator.embed.models import chosen_encoders, fetch, kept, remove, table

    if action != "list" and not names:
        raise click.UsageError(f"name what to {action}, such as dinov2")
    chosen = chosen_encoders(names)
    for encoder in chosen:
        if action == "fetch":
            fetch(encoder, Path())
        elif action == "remove":
            freed = remove(encoder)
            click.echo(f"{encoder.name}:{encoder.variant}: {freed / 1e6:,.0f} MB freed")
    if action != "remove":
        click.echo("\n".join(table([kept(encoder) for encoder in chosen], as_json=as_json)))


@cli.command(short_help="Describe photos in words.")
@click.argument("photos", metavar="PHOTO...", nargs=-1, required=True, type=_FILE)
@site_option
@click.option(
    "--with",
    "describer",
    type=_Installed(plugins.DESCRIBERS),
    help="What describes them. [default: site.toml says, else builtin]",
)
@json_option
def describe(photos: tuple[Path, ...], site: Path, describer: str | None, as_json: bool) -> None:
    """Describe photos in words: a caption, and labels with how sure they are.

    A photo that cannot be opened is reported, the others are still described, and the exit code
    is 1.
    """
    from generator.describe.photos import describe_photos

    failed = False
    for answer in describe_photos(photos, Project(site), describer):
        if isinstance(answer, BollardsError):
            click.echo(printable(str(answer)), err=True)
            failed = True
        else:
            click.echo(answer.to_json() if as_json else printable("\n".join(answer.lines())))
    if failed:
        sys.exit(EXIT_FAILED)


@cli.command("eval", short_help="Measure how well labelled photos are told apart and grouped.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--labels", type=_FILE, metavar="CSV", help="What they show. [default: FOLDER/labels.csv]"
)
@click.option(
    "--embedder",
    default="builtin",
    show_default=True,
    type=_Installed(plugins.EMBEDDERS),
    help="What makes the vectors: any that site.toml may name, as NAME or NAME:MODEL; A+B joins.",
)
@click.option("--weights", default="", metavar="A,B", help="Of joined embedders, one each.")
@click.option("--model", default="", metavar="PATH", help="The embedder's model, as in site.toml.")
@click.option(
    "--crop",
    default="whole",
    show_default=True,
    type=_Installed(plugins.ISOLATORS),
    help="What finds the bollards: any that site.toml may name.",
)
@click.option("--folds", default=3, show_default=True, type=click.IntRange(0, 100), metavar="K")
@click.option(
    "--fold-models",
    type=_FOLDER,
    metavar="DIR",
    help="Models of a cross-validated training (fold0.onnx ..., folds.json): held-out figures.",
)
@click.option(
    "--street",
    type=_FOLDER,
    metavar="DIR",
    help="Street views with boxes.csv: is their country found by the marked posts?",
)
@click.option(
    "--gallery",
    "galleries",
    multiple=True,
    type=_FOLDER,
    metavar="DIR",
    help="Another folder with labels.csv whose photos vote on countries; may be repeated.",
)
@click.option(
    "--masks",
    type=_FOLDER,
    metavar="DIR",
    help="Masks, france/1a.png for france/1a.jpg: a control with the bollards greyed out.",
)
@click.option("--cache", default=".bollards/eval.sqlite", show_default=True, type=_FILE)
@click.option("--out", type=_FOLDER, metavar="DIR", help="Write a page of the worst mistakes.")
@click.option(
    "--boxes",
    type=_FILE,
    metavar="CSV",
    help="Measure the detector: where bollards are. [default: FOLDER/boxes.csv, without labels]",
)
@click.option("--empty", type=_FOLDER, metavar="DIR", help="Pictures that show no bollard.")
@click.option("--detector", type=_FILE, metavar="FILE", help="Another detector than the built-in.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate(
    folder: Path,
    labels: Path | None,
    embedder: str,
    weights: str,
    model: str,
    crop: str,
    folds: int,
    fold_models: Path | None,
    street: Path | None,
    galleries: tuple[Path, ...],
    masks: Path | None,
    cache: Path,
    out: Path | None,
    boxes: Path | None,
    empty: Path | None,
    detector: Path | None,
    as_json: bool,
) -> None:
    """Measure embedder, crop and ways of grouping on the labelled photos of FOLDER.

    \b
    Prints, for all photos at once and as mean and spread over folds of bollards:
    same-bollard@k    another view of the same bollard is among the k nearest photos
    same-kind@k       so is another bollard of the same form, body, pattern and accent
    form, body, ...   the share of photos whose attribute is told right
    bcubed, v, ari    how far types agree with kinds, for several ways of grouping
    country@k         the true country is among the k best (--street, --gallery)

    With a table of boxes instead (file, left, top, right, bottom, in pixels of the upright
    picture), it measures the detector: the share of boxes found, by height, and how far its
    confidence can be trusted.
    """
    if boxes is None and labels is None and not (folder / "labels.csv").exists():
        boxes = folder / "boxes.csv" if (folder / "boxes.csv").exists() else None
    if boxes is not None:
        from generator.evaluate.boxes import measure_boxes
        from generator.evaluate.boxes_report import boxes_json, boxes_text
        from generator.recogniser.detector import Detector

        figures = measure_boxes(folder, boxes, empty, Detector(detector), Progress())
        click.echo(boxes_json(figures) if as_json else printable(boxes_text(figures)))
        return
    from generator.config import embed_settings
    from generator.evaluate import Wanted
    from generator.evaluate import evaluate as run
    from generator.evaluate.report import to_json, to_text
    from generator.evaluate.sheet import write_sheet

    embed = embed_settings(embedder, weights, model)
    wanted = Wanted(
        folder, labels, embed, crop, folds, fold_models, cache, street, galleries, masks
    )
    found = run(wanted, Progress())
    click.echo(to_json(found) if as_json else printable(to_text(found)))
    if out is not None:
        click.echo(printable(f"The worst mistakes are in {write_sheet(found, out)}"), err=True)


@cli.command(short_help="Delete what the program made in DIR.")
@directory
def clean(directory: Path) -> None:
    """Delete what the program made in DIR: public/ and the cache. Both can be built again.

    Photos, notes, settings and the ledger, which keeps the addresses of types, stay.
    """
    from generator.starter import clean_project

    for line in clean_project(Project(directory)):
        click.echo(line)


def main(arguments: list[str] | None = None) -> None:
    """Run the command; every failure that the owner can act on is one message, no traceback."""
    for stream in (sys.stdout, sys.stderr):
        # File names may be in any script, whatever little the terminal's encoding has.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        result: Any = cli.main(arguments, prog_name="bollards", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BollardsError as error:
        click.echo(f"Error: {printable(str(error))}", err=True)
        sys.exit(EXIT_FAILED)
    except BrokenPipeError:
        # The reader of the output has closed it, as in `bollards pairs | head`. What Python still
        # wants to write at its end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_FAILED)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"Error: {printable(f'{where}{error.strerror or error}')}.", err=True)
        sys.exit(EXIT_FAILED)
    except (KeyboardInterrupt, click.Abort):
        click.echo(
            "\nInterrupted. The site that was live still is; what was done so far is kept.",
            err=True,
        )
        sys.exit(EXIT_INTERRUPTED)
    sys.exit(result if isinstance(result, int) else 0)
