"""`python -m generator` is the command `bollards`."""

from generator.cli import main

main()
