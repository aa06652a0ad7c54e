"""The command `bollards`. Its subcommands are in `generator/commands/`.

Exit codes: 0 success; 1 something must be corrected first (see the message); 2 the command
line was wrong; 130 interrupted by Ctrl-C.
"""

import gc
import io
import os
import sys
from typing import Any

import click

from generator import __version__
from generator.commands import export, find, models, photos, site
from generator.errors import EXIT_FAILED, EXIT_INTERRUPTED, BollardsError, printable

_EPILOG = (
    "Exit codes: 0 success; 1 something must be corrected first (see the message);"
    " 2 the command line was wrong; 130 interrupted."
)


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
    bollards studio my-site     build it, look at it, name its types, see changes at once
    bollards build my-site      build it into my-site/public/, for any static host
    """


for _command in (
    site.init,
    site.pull,
    site.build,
    site.serve,
    site.review,
    site.studio,
    site.deploy,
    site.clean,
    photos.identify,
    find.find,
    export.export,
    photos.compare,
    photos.pairs,
    photos.describe,
    models.models,
    models.evaluate,
):
    cli.add_command(_command)


def _start_quickly() -> None:
    """Spare each command a fifth of a second. This comes before the libraries are imported."""
    # A catalogue is many small values without cycles; by default Python looks for cycles after
    # each 700 of them.
    gc.set_threshold(50_000, 20, 50)
    # OpenBLAS, which numpy loads, has threads that wait for work by counting: 2 ** 26 by default, a
    # tenth of a second of each core.
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")
    # Looking for plugins of pydantic reads the metadata of all installed packages.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def main(arguments: list[str] | None = None) -> None:
    """Run the command. Failures that the owner can act on print a message, not a traceback."""
    _start_quickly()
    for stream in (sys.stdout, sys.stderr):
        # File names may be in scripts that the terminal's encoding lacks.
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
        # The reader has closed the pipe, as in `bollards pairs | head`. Discard the rest of the
        # output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_FAILED)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"Error: {printable(f'{where}{error.strerror or error}')}.", err=True)
        sys.exit(EXIT_FAILED)
    except (KeyboardInterrupt, click.Abort):
        click.echo(
            "\nInterrupted. The published site has not changed; finished work is kept.",
            err=True,
        )
        sys.exit(EXIT_INTERRUPTED)
    sys.exit(result if isinstance(result, int) else 0)
