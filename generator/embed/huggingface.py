"""Access to Hugging Face's libraries for embedders, without their notices and delays."""

import contextlib
import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from generator.errors import BollardsError

_TIMEOUT_S = 10.0


class HubUnreachableError(Exception):
    """A file is neither in the local cache nor available from the hub; the message says why."""


def import_transformers() -> ModuleType:
    """Import transformers without its notice that PyTorch is missing: nothing here needs it."""
    with _default_environment("TRANSFORMERS_VERBOSITY", "error"):
        return importlib.import_module("transformers")


def cached_file(repository: str, file: str, revision: str | None = None) -> Path | None:
    """The same as `hub_file`, from the local cache only; None if it is not there."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        cached = try_to_load_from_cache(repository, file, revision=revision)
    except HFValidationError:
        return None
    return Path(cached) if isinstance(cached, str) else None


def hub_file(
    repository: str, file: str, revision: str | None = None, *, fresh: bool = False
) -> Path | None:
    """One file of a repository on the Hugging Face hub, from the local cache if possible.

    A cached file is used as it is, without asking the hub for a newer one: the same project gives
    the same site, with and without network. The usual variables are respected (HF_HOME,
    HF_ENDPOINT, HF_HUB_OFFLINE, HF_TOKEN).

    Args:
        repository: "owner/name".
        file: path inside the repository.
        revision: a commit; None for the newest of the main branch.
        fresh: download it again, because the cached file is unusable.

    Returns:
        The path of the file, or None if the repository has no such file.

    Raises:
        BollardsError: the hub has no such repository, or requires a login for it.
        HubUnreachableError: the file is not cached and the hub does not answer.
    """
    from huggingface_hub import (
        get_hf_file_metadata,
        get_session,
        hf_hub_download,
        hf_hub_url,
    )
    from huggingface_hub.errors import (
        EntryNotFoundError,
        GatedRepoError,
        HFValidationError,
        RepositoryNotFoundError,
    )

    cached = None if fresh else cached_file(repository, file, revision)
    if cached:
        return cached
    try:
        # Is the hub reachable? Without an answer the hub's own functions would try again for 23 s
        # (up to release 0.36 all of them, later only the download).
        address = hf_hub_url(repository, file, revision=revision)
        get_session().head(address, timeout=_TIMEOUT_S)
        get_hf_file_metadata(address, timeout=_TIMEOUT_S)
        return Path(
            hf_hub_download(
                repository,
                file,
                revision=revision,
                etag_timeout=_TIMEOUT_S,
                force_download=fresh,
            )
        )
    except EntryNotFoundError as error:
        # `LocalEntryNotFoundError`, a kind of it, says that the connection broke in between.
        if isinstance(error, FileNotFoundError):
            raise HubUnreachableError(_first_line(error)) from error
        return None
    except GatedRepoError:
        raise BollardsError(
            f"The model {repository} on the Hugging Face hub is only given to those who accepted"
            " its terms. Accept them on its page, then set HF_TOKEN to a token of yours."
        ) from None
    except (RepositoryNotFoundError, HFValidationError):
        raise BollardsError(
            f'There is no model "{repository}" on the Hugging Face hub (or it is private: then set'
            " HF_TOKEN to a token of yours)."
        ) from None
    except Exception as error:  # every release raises other classes for a failed connection
        raise HubUnreachableError(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


@contextlib.contextmanager
def _default_environment(name: str, value: str) -> Iterator[None]:
    """Set an environment variable temporarily, unless the user has set it."""
    if name in os.environ:
        yield
        return
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name, None)
