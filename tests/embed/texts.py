"""The texts of the tests of text towers."""

TEXTS = (
    "red and white post",
    "A photo of a BOLLARD, at the road's edge; in snow!",
    "  two   spaces\tand a tab ",
    "Straßenpfosten mit rotem Streifen, façade é ñ",
    "赤い標識 🚧 12 km",
    "white flat post with a black band and a red reflector beside the road " * 8,
)
