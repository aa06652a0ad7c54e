"""The built-in models at run time: weights, input, output."""
