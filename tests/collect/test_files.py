"""Finding photos in the photos folder, and dealing with other files there."""

import os
import socket
from pathlib import Path

import pytest

from tests.collect.conftest import Project


@pytest.mark.parametrize(
    "name",
    [
        "a.jpg",
        "a.JPG",
        "a.jpeg",
        "a.jpe",
        "a.png",
        "a.WebP",
        "a.avif",
        "a.heic",
        "a.heif",
        "a.tif",
        "a.tiff",
        "a.gif",
        "a.bmp",
        "a.jfif",
        "a.JFIF",
        "a.HIF",
        "a.hif",
        "a.mpo",
    ],
)
def test_photos_are_recognised_by_their_extensions(project: Project, name: str) -> None:
    project.add(f"germany/{name}")
    assert project.files() == [f"germany/{name}"]
    assert project.collect().problems == ()


@pytest.mark.parametrize(
    "name",
    [
        "日本/看板.jpg",
        "россия/столб 1.jpg",
        "<script>alert(1)<&>.jpg",
        '"><img src=x>.jpg',
        "a b\tc\n.jpg",
        "%2e%2e%2fx.jpg",
        "\u202egpj.exe.jpg",
        "🚧.jpg",
        "-rf.jpg",
        "a'b`c$(d).jpg",
    ],
)
def test_file_names_may_hold_markup_and_any_script(project: Project, name: str) -> None:
    project.add(name)
    assert project.files() == [name]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.jpg",
        ".git/x.jpg",
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        "germany/._x.jpg",
        "germany/@eaDir/x.jpg",
        "#recycle/x.jpg",
        "germany/#recycle/france/x.jpg",
        "@Recycle/x.jpg",
        "$RECYCLE.BIN/S-1-5-21/x.jpg",
        "RECYCLER/x.jpg",
        ".recycle/x.jpg",
        ".Trash-1000/files/x.jpg",
        ".Trashes/501/x.jpg",
        "Network Trash Folder/x.jpg",
        "trashbox/x.jpg",
        "__MACOSX/x.jpg",
        "README",
        "LICENSE",
        "labels.csv",
        "notes.txt",
    ],
)
def test_hidden_files_system_files_and_texts_are_passed_over_in_silence(
    project: Project, name: str
) -> None:
    project.add("germany/x.jpg")
    project.add(name)
    assert project.files() == ["germany/x.jpg"]
    assert project.collect().problems == ()


def test_files_that_are_no_pictures_are_listed_in_one_warning(project: Project) -> None:
    project.add("germany/x.jpg")
    for number in range(7):
        project.add(f"germany/film{number}.mp4")
    problem = project.problem()
    assert problem.file == "photos"
    assert not problem.skipped
    assert "7 files" in problem.reason
    assert "germany/film0.mp4" in problem.reason
    assert "and 2 more" in problem.reason


def test_a_folder_may_be_named_like_a_picture(project: Project) -> None:
    project.add("germany/x.jpg/1.jpg")
    assert project.files() == ["germany/x.jpg/1.jpg"]


def test_empty_files_are_no_duplicates_of_each_other(project: Project) -> None:
    project.add("germany/x.jpg")
    project.add("germany/1.jpg", b"")
    project.add("germany/2.jpg", b"")
    reasons = [problem.reason for problem in project.collect().problems]
    assert reasons == ["is empty (0 bytes).", "is empty (0 bytes)."]


class TestLinks:
    def test_the_photos_folder_itself_may_be_a_link(self, tmp_path: Path) -> None:
        Project(tmp_path / "elsewhere").add("germany/x.jpg")
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "photos").symlink_to(tmp_path / "elsewhere" / "photos")
        assert Project(tmp_path / "site").files() == ["germany/x.jpg"]

    @pytest.mark.parametrize("kind", ["file", "folder"])
    def test_a_link_out_of_the_folder_is_skipped_and_named(
        self, project: Project, kind: str
    ) -> None:
        project.add("germany/x.jpg")
        outside = project.root / "secret"
        outside.mkdir()
        (outside / "key.jpg").write_bytes(b"secret")
        link = project.root / "photos" / "germany" / "out.jpg"
        link.symlink_to(outside / "key.jpg" if kind == "file" else outside)
        assert project.files() == ["germany/x.jpg"]
        problem = project.problem()
        assert problem.file == "photos/germany/out.jpg"
        assert problem.skipped
        assert f"leads out of the photos folder, to {outside}" in problem.reason

    def test_a_folder_whose_name_only_begins_the_same_is_outside(self, project: Project) -> None:
        project.add("germany/x.jpg")
        (project.root / "photos-private").mkdir()
        (project.root / "photos-private" / "y.jpg").write_bytes(b"y")
        (project.root / "photos" / "y.jpg").symlink_to("../photos-private/y.jpg")
        assert project.files() == ["germany/x.jpg"]
        assert "leads out" in project.problem().reason

    def test_a_link_to_a_photo_in_the_folder_is_not_a_second_photo(self, project: Project) -> None:
        project.add("germany/x.jpg")
        (project.root / "photos" / "austria").mkdir()
        (project.root / "photos" / "austria" / "x.jpg").symlink_to("../germany/x.jpg")
        assert project.files() == ["germany/x.jpg"]
        assert project.collect().problems == ()

    def test_a_link_within_the_folder_may_lead_to_a_hidden_place(self, project: Project) -> None:
        project.add(".originals/1.jpg")
        project.add(".more/2.jpg")
        (project.root / "photos" / "germany").mkdir()
        (project.root / "photos" / "germany" / "x.jpg").symlink_to("../.originals/1.jpg")
        (project.root / "photos" / "poland").symlink_to(".more")
        assert project.files() == ["germany/x.jpg", "poland/2.jpg"]

    def test_a_circle_of_links_ends(self, project: Project) -> None:
        project.add("germany/x.jpg")
        photos = project.root / "photos"
        (photos / "germany" / "again").symlink_to("..")
        (photos / "poland").symlink_to("germany")
        (photos / "self.jpg").symlink_to("self.jpg")
        assert project.files() == ["germany/x.jpg"]
        assert project.problem().file == "photos/self.jpg"

    def test_a_link_to_nothing_is_reported(self, project: Project) -> None:
        project.add("germany/x.jpg")
        (project.root / "photos" / "gone.jpg").symlink_to("moved/away.jpg")
        assert "leads nowhere (moved/away.jpg)" in project.problem().reason


class TestNoRegularFiles:
    def test_a_named_pipe_is_reported_and_not_waited_for(self, project: Project) -> None:
        project.add("germany/x.jpg")
        os.mkfifo(project.root / "photos" / "germany" / "pipe.jpg")
        assert project.problem().reason == "is a named pipe, not a picture file."

    def test_a_socket_is_reported(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        project.add("germany/x.jpg")
        monkeypatch.chdir(project.root / "photos")  # addresses of sockets must be short
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("s.jpg")
            assert project.problem().reason == "is a socket, not a picture file."

    def test_a_file_that_vanishes_while_it_is_read_is_reported(self, project: Project) -> None:
        project.add("germany/x.jpg")
        path = project.add("germany/y.jpg")

        class Removing:
            def get(self, file: str, stat: os.stat_result) -> str | None:
                path.unlink(missing_ok=True)
                return None

            def put(self, file: str, stat: os.stat_result, digest: str) -> None:
                pass

        project.digests = Removing()  # type: ignore[assignment]
        collection = project.collect()
        assert [source.file for source in collection.sources] == ["germany/x.jpg"]
        (problem,) = collection.problems
        assert problem.file == "photos/germany/y.jpg"
        assert problem.reason == "cannot be read: No such file or directory."

    def test_a_file_name_that_is_not_text_is_reported(self, project: Project) -> None:
        project.add("germany/x.jpg")
        try:
            project.add(os.fsdecode(b"germany/caf\xe9.jpg"))
        except OSError:
            pytest.skip("this file system keeps names in UTF-8")
        problem = project.problem()
        assert problem.file == r"photos/germany/caf\xe9.jpg"
        assert "not valid UTF-8" in problem.reason
