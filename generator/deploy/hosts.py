"""The limits of well-known hosts, to warn the owner of a site that is too large."""

from dataclasses import dataclass

from generator.deploy.plan import Site, counted, megabytes

_MIB = 1 << 20
_GB = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Host:
    """A host's limits; None if it has none that a site of photos could reach.

    Attributes:
        name: its common name.
        site: bytes of the whole site.
        file: bytes of one file.
        files: number of files.
        folder: number of files in one folder.
        redirects: number of rules in `_redirects`.
    """

    name: str
    site: int | None = None
    file: int | None = None
    files: int | None = None
    folder: int | None = None
    redirects: int | None = None


# Site: https://docs.github.com/pages/getting-started-with-github-pages/github-pages-limits
# File: https://docs.github.com/repositories/working-with-files/managing-large-files/about-large-files-on-github
# (a push with a larger one is refused). Both read in 2026.
GITHUB_PAGES = Host("GitHub Pages", site=_GB, file=100 * _MIB)

# The free plan. https://developers.cloudflare.com/pages/platform/limits/ and, for `_redirects`,
# https://developers.cloudflare.com/pages/configuration/redirects/ (2,000 of them without
# wildcards, as all of ours are).
CLOUDFLARE_PAGES = Host("Cloudflare Pages", file=25 * _MIB, files=20_000, redirects=2_000)

# gitlab.com. https://docs.gitlab.com/user/gitlab_com/#gitlab-pages (1 GB, 200,000 entries);
# `_redirects`: https://docs.gitlab.com/user/project/pages/redirects/ (1,000 rules).
GITLAB_PAGES = Host("GitLab Pages", site=_GB, files=200_000, redirects=1_000)

# https://docs.netlify.com/site-deploys/overview/ ("Files per directory limit").
NETLIFY = Host("Netlify", folder=54_000)

ALL = (GITHUB_PAGES, CLOUDFLARE_PAGES, GITLAB_PAGES, NETLIFY)


def exceeded(host: Host, site: Site) -> list[str]:
    """One sentence for each limit of a host that the site exceeds."""
    lines = []
    if host.site is not None and site.bytes > host.site:
        lines.append(
            f"{host.name} accepts sites of up to {megabytes(host.site)};"
            f" this one has {megabytes(site.bytes)}. Fewer or smaller [pictures] widths help."
        )
    if host.files is not None and len(site.files) > host.files:
        lines.append(
            f"{host.name} accepts up to {counted(host.files)}; this site has {len(site.files)}."
        )
    if host.file is not None:
        lines += [
            f"{host.name} accepts files of up to {megabytes(host.file)};"
            f" {path} has {megabytes(size)}."
            for path, size in sorted(site.files.items())
            if size > host.file
        ]
    if host.folder is not None:
        folders: dict[str, int] = {}
        for path in site.files:
            folder = path.rpartition("/")[0]
            folders[folder] = folders.get(folder, 0) + 1
        lines += [
            f"{host.name} accepts up to {counted(host.folder)} in a folder; {folder}/ has {number}."
            for folder, number in sorted(folders.items())
            if number > host.folder
        ]
    if host.redirects is not None and "_redirects" in site.files:
        rules = sum(
            bool(line.strip()) and not line.lstrip().startswith("#")
            for line in (site.root / "_redirects").read_text(encoding="utf-8").splitlines()
        )
        if rules > host.redirects:
            lines.append(
                f"{host.name} reads up to {host.redirects} rules of _redirects; this site has"
                f" {rules}. The redirecting pages work all the same."
            )
    return lines
