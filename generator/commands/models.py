"""The commands for models: `bollards models` and `bollards eval`."""

from pathlib import Path

import click

from generator import plugins
from generator.commands.parameters import FILE, FOLDER, Installed, json_option
from generator.errors import printable
from generator.progress import Progress


@click.command(short_help="List, fetch or remove the models of encoders.")
@click.argument(
    "action", metavar="[ACTION]", default="list", type=click.Choice(["list", "fetch", "remove"])
)
@click.argument("names", metavar="[NAME...]", nargs=-1)
@click.option("--text", is_flag=True, help="Fetch the text tower, too, which `bollards find` uses.")
@json_option
def models(action: str, names: tuple[str, ...], text: bool, as_json: bool) -> None:
    """List, fetch or remove the models that `embedder` in site.toml knows by name.

    ACTION is list (the default), fetch or remove. NAME is an encoder such as dinov2, or one of its
    models such as clip:vit-l-14. Models come from the Hugging Face hub, once; after that no network
    is needed.
    """
    from generator.embed.models import chosen_encoders, fetch, fetch_text, kept, remove, table

    if action != "list" and not names:
        raise click.UsageError(f"name what to {action}, such as dinov2")
    chosen = chosen_encoders(names)

    def told(line: str) -> None:
        click.echo(f"  {line}", err=True)

    for encoder in chosen:
        if action == "fetch":
            size = f", {encoder.size / 1e6:,.0f} MB" if encoder.size else ""
            click.echo(f"{encoder.name}:{encoder.variant}: fetching{size}", err=True)
            fetch(encoder, Path(), told)
            if text:
                fetch_text(encoder, Path(), told)
        elif action == "remove":
            freed = remove(encoder)
            click.echo(f"{encoder.name}:{encoder.variant}: {freed / 1e6:,.0f} MB freed")
    if action != "remove":
        click.echo("\n".join(table([kept(encoder) for encoder in chosen], as_json=as_json)))


@click.command("eval", short_help="Measure retrieval, grouping and detection on labelled photos.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--labels", type=FILE, metavar="CSV", help="The table of labels. [default: FOLDER/labels.csv]"
)
@click.option(
    "--embedder",
    "embedders",
    multiple=True,
    type=Installed(plugins.EMBEDDERS),
    help="The embedder, as NAME or NAME:MODEL; A+B joins two; several are compared."
    " [default: builtin]",
)
@click.option(
    "--mask",
    "segmenters",
    multiple=True,
    type=Installed(plugins.SEGMENTERS),
    help="The segmenter, as `mask` in site.toml; several are compared. [default: none]",
)
@click.option("--weights", default="", metavar="A,B", help="The weights of joined embedders.")
@click.option("--model", default="", metavar="PATH", help="The embedder's model, as in site.toml.")
@click.option(
    "--crop",
    default="whole",
    show_default=True,
    type=Installed(plugins.ISOLATORS),
    help="The isolator that finds the bollards.",
)
@click.option("--folds", default=3, show_default=True, type=click.IntRange(0, 100), metavar="K")
@click.option(
    "--fold-models",
    type=FOLDER,
    metavar="DIR",
    help="Models of a cross-validated training (fold0.onnx ..., folds.json), for held-out figures.",
)
@click.option(
    "--street",
    type=FOLDER,
    metavar="DIR",
    help="Street views with boxes.csv, to measure how often their country is found.",
)
@click.option(
    "--gallery",
    "galleries",
    multiple=True,
    type=FOLDER,
    metavar="DIR",
    help="Another folder with labels.csv whose photos vote on countries; may be repeated.",
)
@click.option(
    "--masks",
    type=FOLDER,
    metavar="DIR",
    help="Masks (france/1a.png for france/1a.jpg), to measure with the bollards greyed out.",
)
@click.option("--cache", default=".bollards/eval.sqlite", show_default=True, type=FILE)
@click.option("--out", type=FOLDER, metavar="DIR", help="Write a page of the worst mistakes.")
@click.option(
    "--boxes",
    type=FILE,
    metavar="CSV",
    help="Measure the detector by these boxes. [default: FOLDER/boxes.csv, if there are no labels]",
)
@click.option("--empty", type=FOLDER, metavar="DIR", help="Pictures that show no bollards.")
@click.option(
    "--detector", type=FILE, metavar="FILE", help="A detector to use, not the built-in one."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate(
    folder: Path,
    labels: Path | None,
    embedders: tuple[str, ...],
    segmenters: tuple[str, ...],
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
    """Measure an embedder, a crop and ways of grouping on the labelled photos of FOLDER.

    \b
    Prints, for all photos at once and as mean and spread over folds of bollards:
    same-bollard@k    another view of the same bollard is among the k nearest photos
    same-kind@k       so is another bollard of the same form, body, pattern and accent
    form, body, ...   the share of photos whose attribute is recognised
    bcubed, v, ari    how well types agree with kinds, for several ways of grouping
    country@k         the true country is among the k best (--street, --gallery)

    Several --embedder or --mask are compared in one table: their figures, the time and memory that
    a photo takes, size, licence, and whether the weights are the released ones.

    With a table of boxes instead (file, left, top, right, bottom, in pixels of the upright
    picture), it measures the detector: the share of boxes found, by height, and how reliable its
    confidence is.
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
    from generator.evaluate.mistakes_page import write_mistakes_page
    from generator.evaluate.report import to_json, to_text

    names = embedders or ("builtin",)
    embeds = [
        (name, embed_settings(name, weights, model, mask))
        for name in names
        for mask in segmenters or ("none",)
    ]
    wanted = Wanted(
        folder, labels, embeds[0][1], crop, folds, fold_models, cache, street, galleries, masks
    )
    if len(embeds) > 1:
        from generator.evaluate.side_by_side import rows_json, rows_text, side_by_side

        rows = side_by_side(wanted, embeds, Progress())
        click.echo(rows_json(rows) if as_json else printable(rows_text(rows)))
        return
    found = run(wanted, Progress())
    click.echo(to_json(found) if as_json else printable(to_text(found)))
    if out is not None:
        click.echo(
            printable(f"The worst mistakes are in {write_mistakes_page(found, out)}"), err=True
        )
