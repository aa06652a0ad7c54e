"""The recipes that train the built-in models. Not part of the wheel; no other room imports them."""
