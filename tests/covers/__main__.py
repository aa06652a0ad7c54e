"""`python -m tests.covers FOLDER` writes the example project, ready for `bollards build FOLDER`."""

import sys
from pathlib import Path

from tests.covers.drawn import draw_project

draw_project(Path(sys.argv[1]))
