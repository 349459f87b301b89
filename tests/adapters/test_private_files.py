"""What lies on the disk is closed to other users, however it came there."""

import os
from pathlib import Path

import pytest

from adapters.private_files import MASK, NotOurs, kept_private, only_ours
from adapters.stores.redis.processes import alive
from adapters.stores.redis.server import redis_client


def open_to_others(folder: Path) -> list[str]:
    """What of a folder, itself included, others may look into."""
    return [str(each) for each in (folder, *folder.rglob("*")) if each.lstat().st_mode & MASK]


async def test_all_that_is_kept_on_the_disk_is_closed_to_others(tmp_path: Path) -> None:
    before = os.umask(0o022)
    data = tmp_path / "data"
    try:
        (data / "redis").mkdir(parents=True)
        (data / "redis" / "redis.log").write_text("of an earlier version")
        async with redis_client("", data) as redis:
            await redis.set("kept", "yes")
            with alive(data, "one"):
                assert (data / "processes" / "one").exists()
                assert (data / "redis" / "appendonlydir").is_dir()
                assert open_to_others(data) == []
    finally:
        os.umask(before)


def test_a_folder_that_is_not_there_is_made_for_us_alone(tmp_path: Path) -> None:
    assert open_to_others(kept_private(tmp_path / "a" / "b")) == []


def test_a_folder_beside_others_folders_is_made_and_closed(tmp_path: Path) -> None:
    wide = tmp_path / "wide"
    wide.mkdir(mode=0o777)
    wide.chmod(0o777)
    assert open_to_others(only_ours(wide, user=os.getuid())) == []
    assert open_to_others(only_ours(tmp_path / "new", user=os.getuid())) == []


def test_a_folder_that_another_user_owns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    with pytest.raises(NotOurs):
        only_ours(tmp_path / "theirs", user=os.getuid() + 1)


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotOurs):
        only_ours(tmp_path / "link", user=os.getuid())
