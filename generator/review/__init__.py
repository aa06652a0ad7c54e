"""review: the local page on which the owner names, merges, splits and moves.

In: the results of the last build (`built`) and curation.toml. Out: curation.toml, one decision at a
time (`session`), and nothing else. The next build applies the decisions to the types.
"""
