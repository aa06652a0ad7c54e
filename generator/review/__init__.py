"""review: the local page on which a person names, merges, splits and moves.

In: what the last build left (`built`) and curation.toml. Out: curation.toml, one decision at a
time (`session`), and nothing else: what decisions make of types is for the next build to do.
"""
