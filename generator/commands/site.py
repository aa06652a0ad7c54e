"""The commands for a site project: from `bollards init` to `bollards clean`."""

import sys
from pathlib import Path

import click

from generator.commands.parameters import FOLDER, directory, quiet_option
from generator.errors import EXIT_FAILED, on_line, printable
from generator.progress import Progress
from generator.project import Project


@click.command()
@click.argument("directory", metavar="DIR", type=FOLDER)
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


@click.command(short_help="Fetch the photos of DIR from a bucket or another place.")
@directory
@click.option("--from", "address", default="", metavar="PLACE", help="[default: from site.toml]")
@click.option("--endpoint", default="", metavar="URL", help="The server of an s3:// bucket.")
@click.option("--dry-run", is_flag=True, help="Tell what would be fetched and removed.")
@click.option("--list", "every_file", is_flag=True, help="With --dry-run, name every file.")
@quiet_option
def pull(
    directory: Path, address: str, endpoint: str, dry_run: bool, every_file: bool, quiet: bool
) -> None:
    """Fetch the photos of DIR, and photos.csv, from a bucket or another place.

    Only what has changed is fetched, and checked. The next pull continues an interrupted one, also
    within a file. Photos that are gone from there are removed here, but never a file that you put
    into photos/ yourself or have changed. A file that cannot be had is reported. The others are
    still fetched, and the exit code is 1.

    \b
    PLACE is one of
      an S3-compatible bucket   s3://BUCKET/PREFIX (Amazon S3, Cloudflare R2, MinIO, ...)
      Google Cloud Storage      gs://BUCKET/PREFIX
      a WebDAV folder           davs://HOST/PATH (dav:// without encryption)
      a folder of this machine  file:///PATH, such as a network drive
    """
    from generator.pull import pull as run

    if every_file and not dry_run:
        raise click.UsageError("--list names the files of a dry run. Add --dry-run.")
    done = run(
        Project(directory),
        Progress(quiet=quiet),
        address=address,
        endpoint=endpoint,
        dry_run=dry_run,
        every_file=every_file,
    )
    for problem in (*done.notes, *done.failed):
        click.echo(on_line(f"{problem.file}: {problem.reason}"), err=True)
    if not quiet:
        click.echo(printable("\n".join(done.lines)))
    if done.failed:
        sys.exit(EXIT_FAILED)


@click.command(short_help="Build the site of DIR into DIR/public/.")
@directory
@click.option("--force", is_flag=True, help="Build even when nothing has changed.")
@click.option("--dry-run", is_flag=True, help="Report what would change; publish nothing.")
@click.option("--strict", is_flag=True, help="Fail if a published address would change.")
@click.option("--list", "every", is_flag=True, help="Name everything that the report counts.")
@click.option("--on", default="", metavar="CLUSTER", help="Prepare photos on dask://HOST:PORT.")
@quiet_option
def build(
    directory: Path, force: bool, dry_run: bool, strict: bool, every: bool, on: str, quiet: bool
) -> None:
    """Build the site of DIR into DIR/public/.

    Only new and changed photos cost time. The new site replaces the old one in one step; if
    anything fails, the old one stays as it is.

    At the end it prints what changed and what needs your attention; long lists are cut, unless you
    ask for all with --list. .bollards/report.html shows the
    same with pictures, and .bollards/report.json is for programs. A dry run writes neither report,
    nor public/, nor the ledger, but caches its results for new photos.
    """
    from generator.build import build as run

    report = run(
        Project(directory),
        Progress(quiet=quiet),
        force=force,
        dry_run=dry_run,
        strict=strict,
        on=on,
    )
    if not quiet:
        click.echo("\n".join(report.lines(every=every)))


@click.command(short_help="Build the site of DIR, show it, and follow changes.")
@directory
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--open", "open_browser", is_flag=True, help="Open the site in a browser.")
def serve(directory: Path, port: int, open_browser: bool) -> None:
    """Build the site of DIR, serve it on localhost, and reload it when something changes."""
    from generator.serve import serve as run

    run(Project(directory), port=port, open_browser=open_browser)


@click.command(short_help="Name, merge, split and sort the types of DIR.")
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


@click.command(short_help="Work on DIR: site, review page and report at one address.")
@directory
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser.")
def studio(directory: Path, port: int, open_browser: bool) -> None:
    """Build the site of DIR, and show the review page, the site and the report at one address.

    Everything is rebuilt when a file changes or when you decide something on the review page. A
    build that fails is shown over the pages. Only this machine can reach them.
    """
    from generator.studio import studio as run

    run(Project(directory), port=port, open_browser=open_browser)


@click.command(short_help="Publish the built site of DIR on a host.")
@directory
@click.option("--to", default="", metavar="TARGET", help="The target. [default: from site.toml]")
@click.option("--endpoint", default="", metavar="URL", help="The server of an s3:// bucket.")
@click.option(
    "--pictures-to",
    default="",
    metavar="TARGET",
    help="The target of the pictures, if they have one. [default: from site.toml]",
)
@click.option("--dry-run", is_flag=True, help="Tell what would be sent and removed; send nothing.")
@click.option("--list", "every_file", is_flag=True, help="With --dry-run, name every file.")
@quiet_option
def deploy(
    directory: Path,
    to: str,
    endpoint: str,
    pictures_to: str,
    dry_run: bool,
    every_file: bool,
    quiet: bool,
) -> None:
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

    if every_file and not dry_run:
        raise click.UsageError("--list names the files of a dry run. Add --dry-run.")
    lines, warnings = run(
        Project(directory),
        to,
        Progress(quiet=quiet),
        endpoint=endpoint,
        pictures_to=pictures_to,
        dry_run=dry_run,
        every_file=every_file,
    )
    for warning in warnings:
        click.echo(printable(f"Please note: {warning}"), err=True)
    if not quiet:
        click.echo(printable("\n".join(lines)))


@click.command(short_help="Delete the built site and the cache of DIR.")
@directory
def clean(directory: Path) -> None:
    """Delete public/ and the cache of DIR. Both can be built again.

    Photos, notes, settings and the ledger stay; the ledger keeps the addresses of types.
    """
    from generator.starter import clean_project

    for line in clean_project(Project(directory)):
        click.echo(line)
