"""Deploys to an S3-compatible bucket (Amazon S3, Cloudflare R2, MinIO, ...), through boto3.

A fingerprint of each sent file (content and headers) is kept with the ETag that the server gave it:
in the manifest, and with the object itself. So a deploy that was interrupted before it wrote its
manifest continues without sending anything twice.
"""

import gzip
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.buckets import Bucket, Use, explaining, objects, open_client
from generator.deploy.media import Headers, headers_of
from generator.deploy.plan import (
    MANIFEST,
    Difference,
    Manifest,
    Site,
    parse_manifest,
    refuse_foreign,
    removal,
    stages,
)
from generator.progress import Progress

# Other hosts read these files; a bucket does not.
_NOT_FOR_BUCKETS = {"_headers", "_redirects", ".nojekyll"}
_THREADS = 8
# Stored with each object as x-amz-meta-bollards.
_KEY = "bollards"


@dataclass(frozen=True, slots=True)
class S3Target:
    """A bucket and its content.

    Attributes:
        client: boto3's client for S3.
        bucket: its name and prefix.
        etags: the ETags of the objects in the bucket, by path without the prefix.
        marks: the fingerprints of the site's files, by path.
    """

    client: Any
    bucket: Bucket
    etags: Mapping[str, str]
    marks: Mapping[str, str]

    def difference(self, site: Site) -> Difference:
        """The difference from the bucket. Writes nothing.

        Raises:
            BollardsError: the bucket cannot be read, or contains files of others.
        """
        manifest = self._manifest()
        kept = manifest.files if manifest else {}
        there = [path for path in sorted(site.files) if path in self.etags]
        # An object with the ETag in the manifest is as a deploy sent it; there is no need to query
        # it.
        told = {path: kept.get(path, "").partition(" ") for path in there}
        known = {path: mark for path, (mark, _, etag) in told.items() if etag == self.etags[path]}
        with explaining(_use(self.bucket)):
            known |= _together(self._fingerprint_there, [p for p in there if p not in known])
        changed = {path for path in there if known[path] != self.marks[path]}
        new = site.files.keys() - self.etags.keys()
        removed = (kept.keys() & self.etags.keys()) - site.files.keys()
        notes = []
        if manifest is None and there:
            notes.append(
                f"{self.bucket}: no earlier `bollards deploy` has finished here, so nothing of"
                " what is there is removed."
            )
        as_it_is = {path: self._entry(path, self.etags[path]) for path in there}
        difference = Difference(
            frozenset(new),
            frozenset(changed),
            frozenset(removed),
            manifest is None or manifest != Manifest(as_it_is, finished=True),
            tuple(notes),
        )
        if manifest is None:
            refuse_foreign(str(self.bucket), site, difference)
        return difference

    def send(self, site: Site, difference: Difference, progress: Progress) -> Callable[[], None]:
        """Send what differs, in order.

        Returns:
            What removes the old files, once nothing needs them.

        Raises:
            BollardsError: the server refused. A later deploy continues where this one ended.
        """
        sent = difference.new | difference.changed
        kept = {path: self._entry(path, self.etags[path]) for path in site.files.keys() - sent}
        # Send the list of all present and coming files first, so that the next deploy can tidy up
        # if this one is interrupted.
        claimed = dict.fromkeys((*sent, *difference.removed), "") | kept
        self._keep_manifest(Manifest(claimed, finished=False))
        with (
            explaining(_use(self.bucket)),
            progress.bar("Sending", len(sent), "files") as advance,
        ):

            def send_one(path: str) -> str:
                etag = self._put(path, (site.root / path).read_bytes())
                advance(1)
                return self._entry(path, etag)

            # A stage must be complete before the next one begins.
            for stage in stages(difference):
                kept.update(_together(send_one, stage.files))

        def tidy() -> None:
            with explaining(_use(self.bucket)):
                for stage in removal(difference):
                    _together(self._remove, stage.files)
            self._keep_manifest(Manifest(kept, finished=True))

        return tidy

    def _entry(self, path: str, etag: str) -> str:
        """The manifest's entry for a file that is up to date in the bucket."""
        return f"{self.marks[path]} {etag}"

    def _fingerprint_there(self, path: str) -> str:
        answer = self.client.head_object(Bucket=self.bucket.name, Key=self.bucket.prefix + path)
        return str(answer.get("Metadata", {}).get(_KEY, ""))

    def _manifest(self) -> Manifest | None:
        if MANIFEST not in self.etags:
            return None
        key = self.bucket.prefix + MANIFEST
        with explaining(_use(self.bucket)):
            text = self.client.get_object(Bucket=self.bucket.name, Key=key)["Body"].read()
        return parse_manifest(text, f"s3://{self.bucket.name}/{key}")

    def _keep_manifest(self, manifest: Manifest) -> None:
        with explaining(_use(self.bucket)):
            self._put(MANIFEST, manifest.to_json().encode())

    def _put(self, path: str, content: bytes) -> str:
        """Send one file, which appears complete or not at all. Return its ETag."""
        headers = headers_of(path, len(content))
        if headers.encoding == "gzip":
            # Without a time, so that the same content gives the same bytes.
            content = gzip.compress(content, mtime=0)
        encoding = {"ContentEncoding": headers.encoding} if headers.encoding else {}
        answer = self.client.put_object(
            Bucket=self.bucket.name,
            Key=self.bucket.prefix + path,
            Body=content,
            ContentType=headers.content_type,
            CacheControl=headers.cache_control,
            Metadata={_KEY: self.marks.get(path, "manifest")},
            **encoding,
        )
        return str(answer["ETag"]).strip('"')

    def _remove(self, path: str) -> None:
        # One by one: servers disagree on the checksum that a bulk delete needs.
        self.client.delete_object(Bucket=self.bucket.name, Key=self.bucket.prefix + path)


def for_buckets(site: Site) -> Site:
    """The site without the files that only other hosts read."""
    files = {path: size for path, size in site.files.items() if path not in _NOT_FOR_BUCKETS}
    return Site(site.root, files)


def open_bucket(target: Bucket, endpoint: str, site: Site) -> S3Target:
    """List a bucket.

    Args:
        target: the bucket's name, and the prefix of the site in it.
        endpoint: the address of the server; "" means that of the environment, else Amazon's.
        site: the site to deploy.

    Raises:
        BollardsError: boto3 is not installed, or the bucket cannot be read.
    """
    use = _use(target)
    client = open_client(endpoint, _THREADS, use)
    with explaining(use):
        etags = {
            entry["Key"][len(target.prefix) :]: entry["ETag"].strip('"')
            for entry in objects(client, target)
        }
    marks = {
        path: _fingerprint(site.root / path, headers_of(path, size))
        for path, size in site.files.items()
    }
    return S3Target(client, target, etags, marks)


def _use(bucket: Bucket) -> Use:
    return Use(
        str(bucket),
        "To deploy to a bucket",
        "to list the bucket and to read, write and delete objects in it (s3:ListBucket,"
        " s3:GetObject, s3:PutObject, s3:DeleteObject)",
        "--endpoint",
        "Make it first, correct its name, or name its server with --endpoint.",
    )


def _fingerprint(path: Path, headers: Headers) -> str:
    """A digest of a file's content and headers."""
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    told = (content, headers.content_type, headers.cache_control, headers.encoding)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _together(work: Callable[[str], Any], paths: Iterable[str]) -> dict[str, Any]:
    """Process files in parallel and return the results by path. The first failure ends it."""
    names: Sequence[str] = list(paths)
    with ThreadPoolExecutor(_THREADS) as pool:
        futures = [pool.submit(work, path) for path in names]
        try:
            return {path: future.result() for path, future in zip(names, futures, strict=True)}
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
