"""Where a file cannot be written: one message, and what was there stays as it was."""

import errno
import os
import resource
from contextlib import contextmanager, suppress

import pytest

import bayesmeta as bm
from bayesmeta import files
from bayesmeta.errors import OutputError
from bayesmeta.files import UNFINISHED, require_free, whole_file


@contextmanager
def full_after(size):
    """Let no file grow beyond a size, as on a full disk."""
    _, hard = before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def saved_posterior(small, path):
    bm.save_posterior(small, path)


def saved_figure(small, path):
    bm.save_figure(bm.plot_forest(small), path)


WRITERS = {".nc": saved_posterior, ".png": saved_figure, ".pdf": saved_figure}


@pytest.mark.parametrize("ending", WRITERS)
def test_a_full_disk_is_one_message_and_the_old_file_stays(ending, small, tmp_path):
    """The new file is written beside the old one, which goes when the new one is whole."""
    path = tmp_path / f"result{ending}"
    path.write_text("old", encoding="utf-8")

    with full_after(2000), pytest.raises(OutputError, match="cannot be written"):
        WRITERS[ending](small, path)

    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", WRITERS)
def test_a_link_is_neither_followed_nor_replaced(ending, small, tmp_path):
    """What it leads to may be somebody's data."""
    data, link = tmp_path / "data.csv", tmp_path / f"result{ending}"
    data.write_text("study\n", encoding="utf-8")
    link.symlink_to(data)

    with pytest.raises(OutputError, match=r"a symbolic link to .*data\.csv"):
        WRITERS[ending](small, link)

    assert data.read_text(encoding="utf-8") == "study\n"
    assert link.is_symlink()


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("place", ["link", "lost link", "loop", "folder", "none/file.nc", "file/x"])
def test_what_cannot_be_replaced_is_refused_beforehand(place, force, tmp_path):
    """Before anything is fitted, whether or not files may be replaced."""
    (tmp_path / "file").write_text("old", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "lost link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    with pytest.raises(OutputError, match=place.split("/", maxsplit=1)[0]):
        require_free(tmp_path / place, force=force)


def test_a_device_is_no_place_for_a_file(tmp_path):
    """A file in its place would take the device away."""
    with pytest.raises(OutputError, match="a device or the like"):
        require_free("/dev/null", force=True)


@pytest.mark.parametrize("name", ["a" * 300 + ".nc", "\N{GREEK SMALL LETTER MU}" * 150 + ".nc"])
def test_a_name_that_is_too_long_is_refused_beforehand(name, tmp_path):
    """255 bytes are the most, which are fewer letters in other scripts."""
    with pytest.raises(OutputError, match="File name too long"):
        require_free(tmp_path / name, force=False)


def test_the_longest_name_there_may_be_is_written(small, tmp_path):
    """What is written beside it needs no longer name."""
    path = tmp_path / ("a" * 252 + ".nc")

    assert bm.save_posterior(small, path).stat().st_size > 10_000


def test_a_read_only_folder_is_refused_beforehand(tmp_path, monkeypatch):
    """The minutes of a fit are not lost to a folder that takes nothing."""

    def refuse(**_):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(files, "TemporaryDirectory", refuse)

    with pytest.raises(OutputError, match="Read-only file system"):
        require_free(tmp_path / "posterior.nc", force=False)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_permission_is_refused_beforehand(tmp_path):
    """Likewise."""
    tmp_path.chmod(0o500)

    with pytest.raises(OutputError, match="Permission denied"):
        require_free(tmp_path / "posterior.nc", force=False)


def test_what_is_interrupted_leaves_the_old_file(tmp_path):
    """Whatever ends the writing."""
    path = tmp_path / "table.csv"
    path.write_text("old", encoding="utf-8")

    with suppress(KeyboardInterrupt), whole_file(path) as partial:
        partial.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    assert path.read_text(encoding="utf-8") == "old"
    assert not list(tmp_path.glob(f"{UNFINISHED}*"))


def test_whoever_reads_the_old_file_goes_on_reading_it(tmp_path):
    """The new file takes the old one's place in one step; the old one is not written over."""
    path = tmp_path / "table.csv"
    path.write_text("old", encoding="utf-8")

    with path.open(encoding="utf-8") as reader:
        with whole_file(path) as partial:
            partial.write_text("new", encoding="utf-8")
        found = reader.read()

    assert (found, path.read_text(encoding="utf-8")) == ("old", "new")
