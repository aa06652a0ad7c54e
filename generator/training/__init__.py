"""The recipe that trains the built-in models. Not part of the wheel; imported by nothing else."""
