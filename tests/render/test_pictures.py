"""The published sizes of a photo."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from generator.catalogue import Box
from generator.config import PictureSettings
from generator.render import plan_pictures, write_pictures

WHOLE = Box(0, 0, 636, 800)


def photo(size: tuple[int, int] = (636, 800)) -> Image.Image:
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = "a secret"
    exif.get_ifd(0x8825)[1] = "N"
    image.info.update(exif=exif.tobytes(), icc_profile=b"profile", xmp=b"<x/>", comment=b"secret")
    return image


def test_larger_widths_than_the_photo_become_its_own_width_once() -> None:
    plan = plan_pictures(
        "0123456789ab", (636, 800), WHOLE, PictureSettings(widths=(240, 960, 2000))
    )
    assert [(p.width, p.height) for p in plan.photo] == [(240, 302), (636, 800)]


@given(st.integers(1, 5000), st.integers(1, 5000), st.data())
def test_no_picture_is_planned_larger_than_its_photo(
    width: int, height: int, data: st.DataObject
) -> None:
    left = data.draw(st.integers(0, width - 1))
    top = data.draw(st.integers(0, height - 1))
    crop = Box(
        left, top, data.draw(st.integers(left + 1, width)), data.draw(st.integers(top + 1, height))
    )
    plan = plan_pictures("0123456789ab", (width, height), crop, PictureSettings())
    for family, box in ((plan.photo, Box(0, 0, width, height)), (plan.crop, crop)):
        assert all(p.width <= box.width and 1 <= p.height <= box.height for p in family)
        assert [p.width for p in family] == sorted({p.width for p in family})


def test_there_is_a_crop_family_only_when_the_crop_is_a_part() -> None:
    settings = PictureSettings()
    assert plan_pictures("a", (636, 800), WHOLE, settings).crop == ()
    part = plan_pictures("a", (636, 800), Box(100, 0, 400, 800), settings)
    assert [p.width for p in part.crop] == [240, 300] and part.card == part.crop


def test_names_change_with_settings_and_crop_and_only_with_them() -> None:
    plans = [
        plan_pictures("a", (636, 800), crop, settings)
        for crop in (Box(0, 0, 300, 800), Box(1, 0, 301, 800))
        for settings in (
            PictureSettings(),
            PictureSettings(widths=(240, 280)),
            PictureSettings(quality=60),
            PictureSettings(format="avif"),
        )
    ]
    names = [plan.crop[0].path for plan in plans]
    assert len(set(names)) == len(names)
    assert len({plan.photo[0].path for plan in plans}) == 4


@pytest.mark.parametrize("format_", ["webp", "avif", "jpeg"])
def test_published_pictures_have_the_planned_size_and_carry_no_metadata(
    tmp_path: Path, format_: str
) -> None:
    settings = PictureSettings.model_validate({"format": format_})
    crop = Box(10, 20, 210, 420)
    plan = plan_pictures("0123456789ab", (636, 800), crop, settings)
    write_pictures(photo(), photo().crop((10, 20, 210, 420)), plan, settings, tmp_path)
    for picture in (*plan.photo, *plan.crop):
        with Image.open(tmp_path / picture.path) as written:
            assert written.size == (picture.width, picture.height)
            assert not written.getexif()
            assert not {"exif", "icc_profile", "xmp", "comment"} & set(written.info)
        assert b"secret" not in (tmp_path / picture.path).read_bytes()


@pytest.mark.parametrize("lost", [0, 1])
def test_only_missing_sizes_are_encoded_and_come_out_the_same(tmp_path: Path, lost: int) -> None:
    settings = PictureSettings()
    plan = plan_pictures("0123456789ab", (636, 800), WHOLE, settings)
    write_pictures(photo(), None, plan, settings, tmp_path)
    largest, missing = tmp_path / plan.photo[-1].path, tmp_path / plan.photo[lost].path
    before, stamp = missing.read_bytes(), largest.stat().st_mtime_ns
    missing.unlink()
    write_pictures(photo(), None, plan, settings, tmp_path)
    assert missing.read_bytes() == before and largest.stat().st_mtime_ns == stamp


def test_pictures_written_from_several_threads_are_whole(tmp_path: Path) -> None:
    settings = PictureSettings()
    plan = plan_pictures("0123456789ab", (636, 800), WHOLE, settings)

    def write(_: int) -> None:
        write_pictures(photo(), None, plan, settings, tmp_path)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(8)))
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {
        Path(picture.path).name for picture in plan.photo
    }


def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    plan = plan_pictures("0123456789ab", (636, 800), WHOLE, PictureSettings())
    with pytest.raises(OSError, match="No space"):
        write_pictures(photo(), None, plan, PictureSettings(), tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
