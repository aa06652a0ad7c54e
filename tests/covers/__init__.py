"""A collection of something else: drawn manhole covers, an encoder, and the pages of their site."""
