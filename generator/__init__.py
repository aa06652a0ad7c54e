"""Type-first static sites of roadside bollards: from a folder of photos to pages on any host."""

__version__ = "0.1.0"
