"""Type-first static sites of roadside bollards: from a folder of photos to pages on any host."""

import os

__version__ = "0.1.0"

# Pydantic would look for plug-ins in every installed package, which takes longer than all settings.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
