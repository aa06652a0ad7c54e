"""The encoders that `embedder` under [embed] knows by name: one row each, all that loading needs.

Every row is an export to ONNX on the Hugging Face hub, at one revision. Where `sha256` is given,
several public projects that pin the same file state the same digest, and a fetched file must have
it. Where it is "" the revision could not be confirmed: the row then follows the branch `main`, and
`bollards models` says "not pinned".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from generator.embed.preparation import Preparation

_CLIP_MEAN, _CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
_IMAGENET_MEAN, _IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_HALF = (0.5, 0.5, 0.5)

# CLIPImageProcessor, as in openai/clip-vit-base-patch32.
_CLIP = Preparation("shortest", 224, 224, "bicubic", _CLIP_MEAN, _CLIP_STD)
# open_clip.transform.image_transform with torchvision's CenterCrop, which rounds the middle.
_OPENCLIP = Preparation("shortest", 224, 224, "bicubic", _CLIP_MEAN, _CLIP_STD, middle="nearest")
# open_clip.pretrained._mccfg: neither mean nor deviation.
_MOBILECLIP = Preparation(
    "shortest", 256, 256, "bilinear", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), middle="nearest"
)
# SiglipImageProcessor, as in google/siglip-base-patch16-224 and google/siglip2-base-patch16-224.
_SIGLIP = Preparation("squash", 224, 224, "bicubic", _HALF, _HALF)
_SIGLIP2 = Preparation("squash", 224, 224, "bilinear", _HALF, _HALF)
# BitImageProcessor, as in facebook/dinov2-small.
_DINOV2 = Preparation("shortest", 256, 224, "bicubic", _IMAGENET_MEAN, _IMAGENET_STD)
# DINOv3ViTImageProcessor rescales before it resizes: no rounding to 8 bits in between.
_DINOV3 = Preparation("squash", 224, 224, "bilinear", _IMAGENET_MEAN, _IMAGENET_STD, floats=True)


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository.

    Attributes:
        path: inside the repository.
        size: in bytes; 0 if unknown.
        sha256: hex digest of its content; "" if it could not be confirmed.
    """

    path: str
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class TextTower:
    """The part of an encoder that embeds texts beside pictures.

    Attributes:
        model: its graph in ONNX; that of the pictures itself where one graph has both.
        tokenizer: its `tokenizer.json`.
        output: the name of the output that is used, float32 [1, d].
        context: the number of tokens that the graph takes; longer texts are cut.
        padding: the token that fills shorter texts up.
        clean: "lower" makes the text lower case; "canonical" also drops punctuation.
    """

    model: HubFile
    tokenizer: HubFile
    output: str
    context: int
    padding: int
    clean: Literal["lower", "canonical"] = "lower"


@dataclass(frozen=True, slots=True)
class Encoder:
    """One encoder.

    Attributes:
        name: in site.toml, as `embedder`.
        variant: in site.toml, as `model`; the first row of a name is its default.
        repository, revision: on the Hugging Face hub.
        model: the graph in ONNX.
        data: files beside it that hold its weights.
        text: the text tower; None for an encoder of pictures alone.
        preparation: how a picture becomes the model's input.
        output: the name of the output that is used.
        pooling: "vector" takes the output as it is, float32 [1, d]; "cls" its first token, of
            float32 [1, tokens, d].
        dimensions: d.
        licence: of the weights.
    """

    name: str
    variant: str
    repository: str
    revision: str
    model: HubFile
    preparation: Preparation
    output: str
    pooling: Literal["vector", "cls"]
    dimensions: int
    licence: str
    data: tuple[HubFile, ...] = ()
    text: TextTower | None = None

    @property
    def files(self) -> tuple[HubFile, ...]:
        """All files that pictures need, the graph first."""
        return (self.model, *self.data)

    @property
    def text_files(self) -> tuple[HubFile, ...]:
        """The files that texts need: the graph and the tokenizer; none without a text tower."""
        return (self.text.model, self.text.tokenizer) if self.text else ()

    @property
    def pinned(self) -> bool:
        """Whether revision and content of every file are known."""
        return all(file.sha256 for file in self.files)

    @property
    def size(self) -> int:
        """Bytes of all files; 0 if unknown."""
        sizes = [file.size for file in self.files]
        return sum(sizes) if all(sizes) else 0


# One graph for pictures and texts.
_FASHIONCLIP = HubFile(
    "onnx/model.onnx",
    605_804_513,
    "dc4c724479e49d1da9598969125353113a341bd4fd5a1dbc7d528d3f1545bba9",
)

ENCODERS: tuple[Encoder, ...] = (
    Encoder(
        name="clip",
        variant="vit-b-32",
        repository="Xenova/clip-vit-base-patch32",
        revision="d15189d7028b43f1d3e65039190477f6af591c2a",
        model=HubFile(
            "onnx/vision_model.onnx",
            351_685_709,
            "fd6e1402a588279d1723c7534d4bcba5bc0b14b47dfab0e46f8c47b8270d7d40",
        ),
        preparation=_CLIP,
        output="image_embeds",
        pooling="vector",
        dimensions=512,
        licence="MIT",
        text=TextTower(
            model=HubFile(
                "onnx/text_model.onnx",
                254_058_553,
                "3f6571f5bad13a97c469c1622e1cfc4d9aef78b79fdbfcff804ca357bfada8cc",
            ),
            tokenizer=HubFile(
                "tokenizer.json",
                2_224_119,
                "f7f3b7af117d467b58374797691a6438d3e6b9e9cef800dfd5dced7f697a90cd",
            ),
            output="text_embeds",
            context=77,
            padding=49407,
        ),
    ),
    Encoder(
        name="clip",
        variant="vit-b-16",
        repository="Xenova/clip-vit-base-patch16",
        revision="main",
        model=HubFile("onnx/vision_model.onnx"),
        preparation=_CLIP,
        output="image_embeds",
        pooling="vector",
        dimensions=512,
        licence="MIT",
        text=TextTower(
            model=HubFile("onnx/text_model.onnx"),
            tokenizer=HubFile("tokenizer.json"),
            output="text_embeds",
            context=77,
            padding=49407,
        ),
    ),
    Encoder(
        name="clip",
        variant="vit-l-14",
        repository="Xenova/clip-vit-large-patch14",
        revision="main",
        model=HubFile("onnx/vision_model.onnx", 1_216_438_437),
        preparation=_CLIP,
        output="image_embeds",
        pooling="vector",
        dimensions=768,
        licence="MIT",
        text=TextTower(
            model=HubFile("onnx/text_model.onnx"),
            tokenizer=HubFile("tokenizer.json"),
            output="text_embeds",
            context=77,
            padding=49407,
        ),
    ),
    Encoder(
        name="openclip",
        variant="vit-b-32-laion2b",
        repository="immich-app/ViT-B-32__laion2b-s34b-b79k",
        revision="19a057a0fb927cf239541300e74237cd56c7ffe2",
        model=HubFile(
            "visual/model.onnx",
            351_613_724,
            "b9ce24b91a8c62ef8d40ea786051709c93140104cbf2b6b4a2cc270df3838f9c",
        ),
        preparation=_OPENCLIP,
        output="embedding",
        pooling="vector",
        dimensions=512,
        licence="MIT",
        text=TextTower(
            model=HubFile(
                "textual/model.onnx",
                254_193_396,
                "48c25be37b352398f2533c9426dab6f9340535e14e46f884cc894236a5060722",
            ),
            tokenizer=HubFile("textual/tokenizer.json"),
            output="embedding",
            context=77,
            padding=0,
        ),
    ),
    Encoder(
        name="siglip",
        variant="base-patch16-224",
        repository="Xenova/siglip-base-patch16-224",
        revision="4649052661e53c7000355844105f8a1792088239",
        model=HubFile(
            "onnx/vision_model.onnx",
            371_819_850,
            "f89d41bac7f4d4b87e010a467d93f98689d708916ed22f5a07f96fdfa26f475f",
        ),
        preparation=_SIGLIP,
        output="pooler_output",
        pooling="vector",
        dimensions=768,
        licence="Apache-2.0",
        text=TextTower(
            model=HubFile(
                "onnx/text_model.onnx",
                441_332_132,
                "3aa7fdbd20eaa8740cce17bf82913de641fcb632a768fed59f661cdcd0c32553",
            ),
            tokenizer=HubFile(
                "tokenizer.json",
                2_398_744,
                "4a17c975210be5ab4c36b47d8dae4eefb866dbfb1e676e394aad85dc30a3ae08",
            ),
            output="pooler_output",
            context=64,
            padding=1,
            clean="canonical",
        ),
    ),
    Encoder(
        name="siglip2",
        variant="base-patch16-224",
        repository="onnx-community/siglip2-base-patch16-224-ONNX",
        revision="ba1f3b0843f24bc5417d38e19c37b287d719b2f4",
        model=HubFile(
            "onnx/vision_model.onnx",
            371_807_752,
            "c0573e3f4140c3a7c4e9cc5912bd6b26a033b46a6a8e8af26cbea262b163bcad",
        ),
        preparation=_SIGLIP2,
        output="pooler_output",
        pooling="vector",
        dimensions=768,
        licence="Apache-2.0",
        text=TextTower(
            model=HubFile(
                "onnx/text_model.onnx",
                0,
                "baf12d941beabafafb14f7b4adb38dc15be18681b964a84410ec53d9d65e6293",
            ),
            tokenizer=HubFile(
                "tokenizer.json",
                0,
                "cb9140fae3ac5122c972d37adf83e1248471a38147ad76f8215c8872c6fd8322",
            ),
            output="pooler_output",
            context=64,
            padding=0,
        ),
    ),
    Encoder(
        name="dinov2",
        variant="small",
        repository="onnx-community/dinov2-small",
        revision="8b1f705a3a7f6f062f6bdd21986c1583d3ef105d",
        model=HubFile(
            "onnx/model.onnx",
            88_532_934,
            "f22797eabf810a75e41de68d378541ebea372122b25c4ce3ef25ff618250c20a",
        ),
        preparation=_DINOV2,
        output="last_hidden_state",
        pooling="cls",
        dimensions=384,
        licence="Apache-2.0",
    ),
    Encoder(
        name="dinov3",
        variant="vits16",
        repository="onnx-community/dinov3-vits16-pretrain-lvd1689m-ONNX",
        revision="48988dfe73065df8d6f5ccc0edc7c8bcf307de41",
        model=HubFile(
            "onnx/model.onnx",
            137_969,
            "bb75e9e30ff382ecdbd150266445ab41272be4acc85fd3563218dd89781e36da",
        ),
        data=(
            HubFile(
                "onnx/model.onnx_data",
                86_347_776,
                "1eff0bb9f4fdef831ca61c8bc2b5c88d8cc21ef4756d3b483d9b9c15d8d5d27f",
            ),
        ),
        preparation=_DINOV3,
        output="pooler_output",
        pooling="vector",
        dimensions=384,
        licence="DINOv3 License",
    ),
    Encoder(
        name="mobileclip2",
        variant="s2",
        repository="plhery/mobileclip2-onnx",
        revision="ba95759a5bdbaca53e9111e2550a76ec09c8fd9e",
        model=HubFile(
            "onnx/s2/vision_model.onnx",
            143_044_797,
            "a841f72c5a5085748bbe271a1d5718aba877822a15cba865bdbd0d37036b849e",
        ),
        preparation=_MOBILECLIP,
        output="image_embeds",
        pooling="vector",
        dimensions=512,
        licence="Apple ML Research Model (non-commercial)",
        text=TextTower(
            model=HubFile(
                "onnx/s2/text_model.onnx",
                254_053_669,
                "622f10372bca71b5017f2efc5f8c2886610a2592b636de8984d717f03213f031",
            ),
            tokenizer=HubFile(
                "tokenizer.json",
                2_224_041,
                "b556ac8c99757ffb677208af34bc8c6721572114111a6e0aaf5fa69ff0b8d842",
            ),
            output="text_embeds",
            context=77,
            padding=0,
        ),
    ),
    Encoder(
        name="mobileclip2",
        variant="s0",
        repository="plhery/mobileclip2-onnx",
        revision="ba95759a5bdbaca53e9111e2550a76ec09c8fd9e",
        model=HubFile(
            "onnx/s0/vision_model.onnx",
            45_555_784,
            "13d20ebfa8a8f63890eb2727fe4dc63009ff970f43e0f7d9d2ed999659f70c8a",
        ),
        preparation=_MOBILECLIP,
        output="image_embeds",
        pooling="vector",
        dimensions=512,
        licence="Apple ML Research Model (non-commercial)",
        text=TextTower(
            model=HubFile(
                "onnx/s0/text_model.onnx",
                254_053_669,
                "df590d47744f2ee9f3ccb67c4414d17419568c05bca0c4d166f2faeedf8b92f3",
            ),
            tokenizer=HubFile(
                "tokenizer.json",
                2_224_041,
                "b556ac8c99757ffb677208af34bc8c6721572114111a6e0aaf5fa69ff0b8d842",
            ),
            output="text_embeds",
            context=77,
            padding=0,
        ),
    ),
    Encoder(
        name="fashionclip",
        variant="vit-b-32",
        repository="patrickjohncyh/fashion-clip",
        revision="7e3ba62ce16b379a1ab479346b66f192e76f51b7",
        model=_FASHIONCLIP,
        preparation=_CLIP,
        output="image_embeds",
        pooling="vector",
        dimensions=512,
        licence="MIT",
        text=TextTower(
            model=_FASHIONCLIP,
            tokenizer=HubFile("tokenizer.json"),
            output="text_embeds",
            context=77,
            padding=49407,
        ),
    ),
)


def encoder_names() -> list[str]:
    """The names, each once, in the order of the table."""
    return list(dict.fromkeys(encoder.name for encoder in ENCODERS))


def variants(name: str) -> Iterator[Encoder]:
    """The rows of one name, the default first."""
    return (encoder for encoder in ENCODERS if encoder.name == name)
