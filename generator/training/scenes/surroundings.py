"""What a bollard stands in: ground, road, backdrop, light and camera, drawn once and shared."""

from dataclasses import dataclass

import numpy as np

from generator.training.scenes.light import Camera, Light, random_camera, random_light


@dataclass(frozen=True)
class Surroundings:
    """Background, light and camera of a scene; two scenes may share them or differ in them.

    Lengths are in metres, angles in radians. The road begins `edge` metres from the post, in the
    direction `bearing` (0 towards the camera, pi/2 to the right); `shoulder` is the strip before
    it. The backdrop stands `behind` metres beyond the post and is `tall`; half-way to it the ground
    may turn into the material `beyond`. `seed` places every
    grain of it.
    """

    place: str
    verge: str
    shoulder: str | None
    shoulder_width: float
    road: str | None
    edge: float
    bearing: float
    line: str | None
    backdrop: str | None
    behind: float
    tall: float
    beyond: str | None
    hills: float
    patches: str | None
    patch_share: float
    dapple: float
    neighbours: int
    rail: bool
    light: Light
    camera: Camera
    seed: int


@dataclass(frozen=True)
class Place:
    """The materials a kind of place may have; names are those of `grounds.MATERIALS`."""

    weight: float
    verges: tuple[str, ...]
    backdrops: tuple[str | None, ...]
    shoulders: tuple[str | None, ...] = ("gravel", None, "soil")
    roads: tuple[str | None, ...] = ("asphalt", "asphalt", None)
    patches: tuple[str | None, ...] = (None,)
    far: tuple[float, float] = (2.0, 9.0)
    tall: tuple[float, float] = (1.0, 6.0)
    hills: float = 0.5
    beyond: tuple[str | None, ...] = (None, None, "meadow", "dry", "soil", "lawn", "moor")


PLACES: dict[str, Place] = {
    "verge": Place(
        16,
        ("grass", "lawn", "spring"),
        (None, None, None, "hedge", "trees", "bush"),
        patches=(None, None, "soil", "litter"),
    ),
    "meadow": Place(11, ("meadow", "spring"), (None, None, None, "bush", "trees"), hills=0.8),
    "dry": Place(
        12,
        ("dry", "steppe"),
        (None, None, None, "bush", "rock"),
        ("gravel", "soil", "sand"),
        patches=(None, "soil", "gravel"),
        hills=0.9,
    ),
    "gravel": Place(
        9,
        ("gravel", "soil"),
        ("bush", None, None, "rock", "hedge"),
        ("gravel", "soil"),
        patches=("grass", "dry", None),
    ),
    "desert": Place(
        5,
        ("sand", "laterite", "scree"),
        (None, "rock", None),
        ("sand", None),
        patches=("steppe", "gravel", None),
        hills=0.8,
        beyond=(None, "steppe", "scree"),
    ),
    "forest": Place(
        9,
        ("grass", "litter", "moor"),
        ("trees", "spruces", "autumn"),
        ("gravel", "soil", None),
        far=(1.0, 6.0),
        tall=(4.0, 12.0),
        patches=("litter", None),
    ),
    "autumn": Place(
        5,
        ("litter", "moor"),
        ("autumn", "trees", None),
        patches=("grass", None),
        far=(1.5, 6.0),
        tall=(3.0, 9.0),
    ),
    "snow": Place(
        5,
        ("snow",),
        (None, "spruces", "trees", "rock"),
        ("snow", "gravel"),
        ("asphalt", None),
        patches=("steppe", "soil", None),
        hills=0.8,
        beyond=(None, "snow", "moor"),
    ),
    "mountain": Place(
        6,
        ("scree", "gravel", "moor"),
        ("rock", "stones", "spruces", None),
        ("gravel",),
        patches=("grass", "soil"),
        far=(0.6, 5.0),
        hills=0.9,
    ),
    "moor": Place(4, ("moor", "steppe"), (None, None, "rock"), hills=1.0),
    "lava": Place(
        1.5,
        ("lava",),
        (None, "rock"),
        ("lava", "gravel"),
        patches=("moor", "snow"),
        beyond=(None, "moor"),
    ),
    "town": Place(
        9,
        ("paving", "asphalt", "clinker", "concrete"),
        ("brickwall", "render", "hedge", "stones", "planks"),
        ("concrete", None),
        far=(0.6, 5.0),
        tall=(1.5, 5.0),
        hills=0.0,
        beyond=(None, "asphalt", "paving", "lawn"),
    ),
    "island": Place(
        5,
        ("asphalt", "concrete", "paving"),
        (None, "hedge", "render"),
        (None,),
        hills=0.3,
        beyond=("asphalt", None),
    ),
    "tropics": Place(
        4,
        ("spring", "laterite", "grass"),
        ("bush", "hedge", "trees"),
        ("laterite", "soil"),
        far=(0.8, 4.0),
        tall=(2.0, 8.0),
        patches=("laterite", None),
    ),
}


def random_surroundings(
    rng: np.random.Generator, *, place: str | None = None, weather: str | None = None
) -> Surroundings:
    """Returns random surroundings, if wanted of one kind of place (`PLACES`) or weather.

    Raises ValueError for a place or weather that does not exist.
    """
    if place is None:
        names = list(PLACES)
        weights = np.array([PLACES[name].weight for name in names])
        place = names[int(rng.choice(len(names), p=weights / weights.sum()))]
    if place not in PLACES:
        raise ValueError(f"place must be one of {', '.join(PLACES)}; found {place!r}")
    kind = PLACES[place]

    def pick(options: tuple[str | None, ...]) -> str | None:
        return options[int(rng.integers(len(options)))]

    road = pick(kind.roads)
    toward = rng.uniform() < 0.75
    bearing = rng.uniform(-1.2, 1.2) + (0 if toward else np.pi)
    return Surroundings(
        place=place,
        verge=pick(kind.verges) or "grass",
        shoulder=pick(kind.shoulders) if road else None,
        shoulder_width=float(rng.uniform(0.1, 0.9)),
        road=road,
        edge=float(rng.gamma(1.6, 0.28) + 0.06),
        bearing=float(bearing),
        line=("white", "white", "orange", None)[int(rng.integers(4))] if road else None,
        backdrop=pick(kind.backdrops),
        behind=float(rng.uniform(*kind.far)),
        tall=float(rng.uniform(*kind.tall)),
        beyond=pick(kind.beyond),
        hills=float(rng.uniform(0.2, 1.0) if rng.uniform() < kind.hills else 0.0),
        patches=pick(kind.patches),
        patch_share=float(rng.uniform(0.15, 0.6)),
        dapple=float(rng.uniform(0.3, 1.0) if rng.uniform() < 0.16 else 0.0),
        neighbours=int(rng.choice((0, 1, 2), p=(0.8, 0.13, 0.07))),
        rail=bool(rng.uniform() < 0.06),
        light=random_light(rng, weather),
        camera=random_camera(rng),
        seed=int(rng.integers(2**31)),
    )
