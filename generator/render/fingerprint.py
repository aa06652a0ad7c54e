"""Digests of the values that pages are made from."""

import dataclasses
import hashlib
import types
from collections.abc import Callable, Mapping, Set
from operator import attrgetter
from typing import Any

from markupsafe import Markup

from generator.catalogue import Bollard, Catalogue, Country, Family, Moved, Photo, Type
from generator.render.maps import Map
from generator.render.views import TypeInCountry
from generator.render.world import Place

_ATOMS = frozenset({str, int, float, bool, bytes, type(None)})
# What occurs in the values of many pages.
_LASTING = frozenset({Photo, Type, Country, Bollard, Family, Moved, Map, Place, TypeInCountry})


class Fingerprints:
    """Digests of values; equal digests mean that templates cannot tell the values apart.

    A value of another kind than those below is refused. So a page cannot be given something whose
    changes would go unnoticed: an open file, a function with a state, the whole catalogue.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, bytes]] = {}
        self._fields: dict[type, tuple[str, Callable[[Any], tuple[Any, ...]]]] = {}

    def of(self, value: object) -> bytes:
        """16 bytes.

        Args:
            value: text, numbers, bytes, None, dates of text, sequences, sets, mappings, frozen
                dataclasses of all these, and functions that depend on their arguments alone.

        Raises:
            TypeError: the value is of another kind.
        """
        text = repr(self._plain(value)).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, digest_size=16).digest()

    def _plain(self, value: Any) -> Any:
        """The value made of plain ones, of which no two have the same `repr`."""
        kind = type(value)
        if kind in _ATOMS:
            return value
        if kind is Markup:
            return ["Markup", str(value)]
        if kind in _LASTING:
            known = self._known.get(id(value))
            if known is None:
                # The value itself is kept, so that its id is not given to another one.
                text = repr(self._dataclass(value)).encode("utf-8", "surrogatepass")
                known = value, hashlib.blake2b(text, digest_size=16).digest()
                self._known[id(value)] = known
            return [known[1]]
        if kind is tuple or kind is list:
            return tuple([self._plain(one) for one in value])
        if kind in self._fields or (dataclasses.is_dataclass(value) and kind is not Catalogue):
            return self._dataclass(value)
        if isinstance(value, Mapping):
            return {
                key if type(key) is str else self._key(key): self._plain(one)
                for key, one in value.items()
            }
        if isinstance(value, tuple):
            return [kind.__qualname__, *(self._plain(one) for one in value)]
        if isinstance(value, Set):
            return ["set", *sorted(repr(self._plain(one)) for one in value)]
        if (
            kind is types.FunctionType
            and value.__closure__ is None
            and value.__name__.isidentifier()
        ):
            return ["function", value.__module__, value.__qualname__]
        raise TypeError(f"a page cannot be given a {kind.__name__}: its changes would go unnoticed")

    def _key(self, key: Any) -> Any:
        plain = self._plain(key)
        return repr(plain) if isinstance(plain, (list, dict)) else plain

    def _dataclass(self, value: Any) -> list[Any]:
        kind = type(value)
        found = self._fields.get(kind)
        if found is None:
            if not kind.__dataclass_params__.frozen:
                raise TypeError(f"a page cannot be given a {kind.__name__}: it is not frozen")
            names = [field.name for field in dataclasses.fields(kind)]
            get: Callable[[Any], tuple[Any, ...]]
            if len(names) > 1:
                get = attrgetter(*names)
            else:
                get = lambda one: tuple(getattr(one, name) for name in names)  # noqa: E731
            found = self._fields[kind] = f"{kind.__module__}.{kind.__qualname__}", get
        name, get = found
        return [name, *[one if type(one) in _ATOMS else self._plain(one) for one in get(value)]]
