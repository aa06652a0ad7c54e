"""find: takes words, pictures and filters, returns the photos of a built collection that fit best.

`query` says what is asked, `search` how well each photo fits each part of it, `words` reads words
for an embedder without a text tower, `said` knows what describers said about the photos, `fetch`
gets pictures from addresses, `sheet` writes a page.
"""
