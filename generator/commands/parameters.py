"""Arguments and options that several commands share."""

from pathlib import Path

import click

from generator import plugins

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(path_type=Path)


class Installed(click.ParamType[str]):
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


directory = click.argument("directory", metavar="[DIR]", default=".", type=FOLDER)
site_option = click.option(
    "--site",
    default=".",
    type=FOLDER,
    metavar="DIR",
    help="The site project to compare with. [default: the current folder]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
