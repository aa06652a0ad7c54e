"""Digests of templates with all templates that they include, import or extend."""

import hashlib

from jinja2 import Environment, TemplateNotFound, meta

# Every page uses these, see `generator.render.parts.Parts`.
_ALWAYS = ("parts.html", "apart.html")


class TemplateDigests:
    """Digests of one environment's templates.

    Args:
        environment: finds the templates.
        references: by the digest of a source, the templates that it names; None is one whose name
            is computed. New ones are added, because parsing a template takes milliseconds.
    """

    def __init__(self, environment: Environment, references: dict[str, list[str | None]]) -> None:
        self._environment = environment
        self._references = references
        self._sources: dict[str, str] = {}
        self._digests: dict[str, str] = {}

    def of(self, template: str) -> str:
        """The digest of a template and of everything that it needs."""
        if template not in self._digests:
            names: dict[str, None] = {}
            self._collect((template, *_ALWAYS), names)
            whole = [template, *(f"{name} {self._source(name)}" for name in sorted(names))]
            self._digests[template] = hashlib.sha256("\n".join(whole).encode()).hexdigest()
        return self._digests[template]

    def _collect(self, names: tuple[str, ...] | list[str], found: dict[str, None]) -> None:
        for name in names:
            if name in found:
                continue
            found[name] = None
            digest = self._source(name)
            if digest not in self._references:
                self._references[digest] = self._named(name)
            named = self._references[digest]
            if None in named:
                # Any template may be meant.
                named = [*named, *self._environment.list_templates(extensions=["html", "xml"])]
            self._collect([one for one in named if one is not None], found)

    def _source(self, name: str) -> str:
        """The digest of a template's own source, or "" if there is none of that name."""
        if name not in self._sources:
            assert self._environment.loader is not None
            try:
                source = self._environment.loader.get_source(self._environment, name)[0]
            except TemplateNotFound:
                self._sources[name] = ""
            else:
                self._sources[name] = hashlib.sha256(source.encode()).hexdigest()
        return self._sources[name]

    def _named(self, name: str) -> list[str | None]:
        if not self._source(name):
            return []
        assert self._environment.loader is not None
        source = self._environment.loader.get_source(self._environment, name)[0]
        return list(meta.find_referenced_templates(self._environment.parse(source, name)))
